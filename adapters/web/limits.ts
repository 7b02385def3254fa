/** Every number of the web chat in one place. Times are milliseconds unless the name says otherwise. */
export const limits = {
  /** The largest body of `POST /chat/message`. 4,000 characters of any script fit. */
  bodyBytes: 16 * 1024,
  /** The largest body of the two forms (`/join`, `/link`). */
  formBytes: 2 * 1024,
  /** Typed text is cut here, in UTF-16 units. */
  textChars: 4000,
  /** Rows a page gets when it opens, and rows read at once afterwards. */
  history: 50,
  /** How often an idle stream says that it lives. The page reconnects after missing two. */
  heartbeatMs: 15_000,
  /** Streams of one person open at once: tabs and phones. The oldest is closed for a new one. */
  streamsPerPerson: 6,
  /** How long the cookie lasts after the last visit. */
  cookieMs: 365 * 24 * 60 * 60 * 1000,
  /** Messages of one browser. Nobody answers faster than this for ten seconds. */
  perPerson: { points: 30, seconds: 10 },
  /** Messages and new streams of one network address: a class of sixty behind one router. */
  perNetwork: { points: 600, seconds: 10 },
  /** New browsers from one network address. */
  newPerNetwork: { points: 600, seconds: 3600 },
  /** Wrong codes from one network address. Right ones do not count. */
  wrongCodes: { points: 20, seconds: 600 },
} as const;
