/** One mail. Everything in it is text; the mailer makes headers of it safely. */
export interface Mail {
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The same for every try to send this one mail, so that a mail server can tell. */
  readonly messageId: string;
}

export interface Mailer {
  /** Resolves when the mail server has taken the mail. Throws when it has not. */
  send(mail: Mail): Promise<void>;
  close(): void;
}
