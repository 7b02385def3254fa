/** The address a text names, or undefined. (`URL.canParse` of Node 20 answers false for some valid addresses once it is compiled.) */
export function urlOf(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
