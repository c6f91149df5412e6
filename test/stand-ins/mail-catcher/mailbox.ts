/** One caught mail. */
export interface Message {
  id: string;
  from: string;
  to: string[];
  subject: string;
  text: string;
  html: string;
  receivedAt: string;
}

export interface Mailbox {
  add(message: Omit<Message, "id">): Message;
  /** Newest first; only those to this address when one is given (case does not matter). */
  list(to?: string): Message[];
  find(id: string): Message | null;
  clear(): void;
}

/** Keeps the last mails in memory: at most so many, and at most so many characters in all. */
export function createMailbox(mostMessages = 500, mostCharacters = 50_000_000): Mailbox {
  let messages: Message[] = [];
  let count = 0;
  const weight = (message: Message) => message.text.length + message.html.length;
  const trim = () => {
    let left = mostCharacters;
    const fits = (message: Message) => (left -= weight(message)) >= 0;
    const cut = messages.slice(0, mostMessages).findIndex((message) => !fits(message));
    messages = messages.slice(0, cut === -1 ? mostMessages : Math.max(cut, 1));
  };
  return {
    add: (message) => {
      count += 1;
      const added = { id: String(count), ...message };
      messages.unshift(added);
      trim();
      return added;
    },
    list: (to) => {
      const wanted = to?.toLowerCase();
      return messages.filter(
        (message) => wanted === undefined || message.to.some((one) => one.toLowerCase() === wanted),
      );
    },
    find: (id) => messages.find((message) => message.id === id) ?? null,
    clear: () => {
      messages = [];
    },
  };
}
