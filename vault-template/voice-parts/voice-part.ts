/** What somebody sings, from high to low. */
export const voiceParts = ["soprano", "alto", "tenor", "bass"] as const;
export type VoicePart = (typeof voiceParts)[number];

export const voicePartNames: Record<VoicePart, string> = {
  soprano: "Soprano",
  alto: "Alto",
  tenor: "Tenor",
  bass: "Bass",
};

/** The voice part of this name; undefined when there is none. */
export const voicePartOf = (text: string): VoicePart | undefined => voiceParts.find((part) => part === text);
