import type { Config } from "./config.ts";

/**
 * Sends everything that leaves over https through the proxy, but for the hosts in `NO_PROXY`: `fetch` and the libraries
 * that use node's own agents. Does nothing, and loads nothing, where no proxy is set.
 */
export async function installProxy(proxy: Config["proxy"]): Promise<void> {
  if (proxy === undefined) return;
  // Libraries that read the environment themselves must find the same, also where the value came from a file.
  process.env.HTTPS_PROXY = proxy.url;
  if (proxy.except !== undefined) process.env.NO_PROXY = proxy.except;
  const [{ EnvHttpProxyAgent, setGlobalDispatcher }, { ProxyAgent }, { default: https }] = await Promise.all([
    import("undici"),
    import("proxy-agent"),
    import("node:https"),
  ]);
  setGlobalDispatcher(
    new EnvHttpProxyAgent({
      httpsProxy: proxy.url,
      ...(proxy.except === undefined ? {} : { noProxy: proxy.except }),
    }),
  );
  https.globalAgent = new ProxyAgent() as unknown as typeof https.globalAgent;
}
