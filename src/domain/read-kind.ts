/** What is read, which decides how long it may be shared: sessions come and go, what they run changes seldom. */
export type ReadKind = 'sessions' | 'directory';
