/**
 * The PostgreSQL form of the one schema: provider and output are replaced, each exactly once.
 * Throws where a replacement finds its text not exactly once.
 */
export function postgresqlSchema(sqlite) {
  const provider = replaceOnce(sqlite, 'provider = "sqlite"', 'provider = "postgresql"');
  return replaceOnce(provider, '"../generated/sqlite"', '"../../generated/postgresql"');
}

function replaceOnce(text, from, to) {
  const found = text.split(from).length - 1;
  if (found !== 1)
    throw new Error(`prisma/schema.prisma must contain ${from} exactly once, it was found ${found} times`);
  return text.replace(from, to);
}
