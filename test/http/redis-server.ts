/** A Redis of a test: a real one, or the one that stands in for it where there is none. */
export interface RedisServer {
  /** With the password. */
  readonly url: string;
  keys(): Promise<readonly string[]>;
  read(key: string): Promise<string | null>;
  /** How long the key stays. */
  leftMs(key: string): Promise<number>;
  put(key: string, value: string): Promise<void>;
  /** Puts there what is not text. */
  putList(key: string): Promise<void>;
  clear(): Promise<void>;
  /** How often it was asked for the value of a key. */
  lookups(): Promise<number>;
  /** From now on it has no memory for more. */
  fill(): Promise<void>;
  /** At once, as when the machine is gone. */
  kill(): Promise<void>;
  /** On the same port, and empty. */
  start(): Promise<void>;
  /** It takes connections and says nothing. */
  hang(): void;
  goOn(): void;
}

export const password = 'p/ss word of redis';

export function toUrl(port: number, secret: string = password): string {
  return `redis://:${encodeURIComponent(secret)}@127.0.0.1:${port}`;
}
