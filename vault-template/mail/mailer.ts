/** One mail. Everything in it is text; the mailer makes headers of it safely. */
export interface Mail {
  to: { name: string; address: string };
  subject: string;
  text: string;
  html: string;
}

export interface Mailer {
  /** Resolves when the mail server has taken the mail. Throws when it has not. */
  send(mail: Mail): Promise<void>;
}
