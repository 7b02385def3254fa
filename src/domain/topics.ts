/** What people can subscribe to; each has its words `broadcast.topic.*` and `broadcast.leave.*`. */
export const topics = ["news", "events"] as const;
