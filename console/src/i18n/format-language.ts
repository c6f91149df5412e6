/** In what way numbers and times are written for a language of ours: "en" alone would put months first. */
export const formatLanguage = (language: string): string => (language === "en" ? "en-GB" : language);
