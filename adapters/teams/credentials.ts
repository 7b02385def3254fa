import { ConfidentialClientApplication, type INetworkModule, type NodeAuthOptions } from "@azure/msal-node";
import {
  AuthenticationConstants,
  JwtTokenProviderFactory,
  ManagedIdentityServiceClientCredentialsFactory,
  MsalServiceClientCredentialsFactory,
  PasswordServiceClientCredentialFactory,
  type ServiceClientCredentialsFactory,
} from "botframework-connector";
import type { Cloud } from "./cloud.ts";
import type { TeamsConnection } from "./connection.ts";
import { SEND_MS } from "./limits.ts";

/** Gets a registration's own token before anything is sent, so that its failure is known to have sent nothing. */
export interface TokenSource {
  /** Where tokens come from, for the list of hosts; undefined without a registration. */
  readonly loginUrl: string | undefined;
  /** Resolves when a token is there. `renew` gets a new one, after the connector refused the last. Throws `TokenError`. */
  ready(renew?: boolean): Promise<void>;
}

/** No token: `reached` says whether the login service answered at all. `code` is its own error code. */
export class TokenError extends Error {
  readonly reached: boolean;
  readonly code: string;

  constructor(reached: boolean, code: string, cause: unknown) {
    super(`no token: ${code}`, { cause });
    this.name = "TokenError";
    this.reached = reached;
    this.code = code;
  }
}

/** The vendor's credentials of a connection, by its type. */
export function createCredentials(
  connection: TeamsConnection,
  cloud: Cloud,
): { readonly factory: ServiceClientCredentialsFactory; readonly tokens: TokenSource } {
  const { appId } = connection;
  const secretless = connection.password === undefined && connection.certificate === undefined;
  if (appId === undefined) {
    // The vendor takes an empty app id for "no authentication"; only `anonymous` gets here.
    return {
      factory: new PasswordServiceClientCredentialFactory("", ""),
      tokens: { loginUrl: undefined, ready: async () => {} },
    };
  }
  if (secretless && connection.type !== "UserAssignedMSI") {
    const ready = () => Promise.reject(new TokenError(true, "no_secret", undefined));
    return { factory: new PasswordServiceClientCredentialFactory(appId, ""), tokens: { loginUrl: undefined, ready } };
  }
  if (connection.type === "UserAssignedMSI") {
    const factory = new ManagedIdentityServiceClientCredentialsFactory(appId, new JwtTokenProviderFactory());
    return { factory, tokens: tokenSource(factory, appId, cloud, undefined) };
  }
  const tenant =
    connection.type === "MultiTenant" ? AuthenticationConstants.DefaultChannelAuthTenant : (connection.tenantId ?? "");
  const loginUrl = (cloud.loginUrl ?? `${AuthenticationConstants.ToChannelFromBotLoginUrlPrefix}${tenant}`).replace(
    /\/+$/,
    "",
  );
  const application = new ConfidentialClientApplication({
    auth: { clientId: appId, ...authority(loginUrl), ...secret(connection) },
    system: { networkClient: network(loginUrl) },
  });
  // msal-node has one set of types for `import` and one for `require`; botframework-connector was written against the other.
  type Application = ConstructorParameters<typeof MsalServiceClientCredentialsFactory>[1];
  const factory = new MsalServiceClientCredentialsFactory(appId, application as unknown as Application);
  return { factory, tokens: tokenSource(factory, appId, cloud, loginUrl) };
}

function tokenSource(
  factory: ServiceClientCredentialsFactory,
  appId: string,
  cloud: Cloud,
  loginUrl: string | undefined,
): TokenSource {
  let waiting: Promise<void> | undefined;
  const get = async (renew: boolean) => {
    const endpoint = loginUrl ?? AuthenticationConstants.ToChannelFromBotLoginUrl;
    const credentials = await factory.createCredentials(appId, cloud.scope, endpoint, cloud.validateAuthority);
    // Every credential of the vendor has this method, its interface does not name it. Tokens are kept in its own cache.
    await (credentials as unknown as { getToken(force?: boolean): Promise<string> }).getToken(renew);
  };
  return {
    loginUrl: loginUrl ?? AuthenticationConstants.ToChannelFromBotLoginUrlPrefix,
    ready(renew = false) {
      // Twenty sends that start together ask the login service once.
      waiting ??= get(renew)
        .catch((error: unknown) => {
          throw new TokenError(!isDown(error), codeOf(error), error);
        })
        .finally(() => {
          waiting = undefined;
        });
      return waiting;
    },
  };
}

function secret({
  password,
  certificate,
}: TeamsConnection): Pick<NodeAuthOptions, "clientSecret" | "clientCertificate"> {
  if (certificate === undefined) return { clientSecret: password ?? "" };
  return {
    clientCertificate: {
      thumbprint: certificate.thumbprint.replaceAll(":", ""),
      privateKey: certificate.privateKey,
      ...(certificate.chain === undefined ? {} : { x5c: certificate.chain }),
    },
  };
}

/** MSAL accepts https authorities only; for http on loopback it keeps an https name that `network` turns back. */
function authority(
  loginUrl: string,
): Pick<NodeAuthOptions, "authority" | "cloudDiscoveryMetadata" | "authorityMetadata"> {
  const url = loginUrl.replace(/^http:/, "https:");
  const { host } = new URL(url);
  if (host === new URL(AuthenticationConstants.ToChannelFromBotLoginUrlPrefix).host) return { authority: url };
  return {
    authority: url,
    // Given, so that MSAL does not ask Microsoft's public cloud about a private one.
    cloudDiscoveryMetadata: JSON.stringify({
      tenant_discovery_endpoint: `${url}/v2.0/.well-known/openid-configuration`,
      "api-version": "1.1",
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
    }),
    authorityMetadata: JSON.stringify({
      authorization_endpoint: `${url}/oauth2/v2.0/authorize`,
      token_endpoint: `${url}/oauth2/v2.0/token`,
      issuer: `${url}/v2.0`,
      jwks_uri: `${url}/discovery/v2.0/keys`,
    }),
  };
}

/** MSAL's way out: one request without retries and with a deadline, through the process's proxy settings. */
function network(loginUrl: string): INetworkModule {
  const request = async (method: "GET" | "POST", url: string, headers?: Record<string, string>, body?: string) => {
    const target = loginUrl.startsWith("http:") ? url.replace(/^https:/, "http:") : url;
    const response = await fetch(target, {
      method,
      redirect: "error",
      signal: AbortSignal.timeout(SEND_MS),
      ...(headers === undefined ? {} : { headers }),
      ...(body === undefined ? {} : { body }),
    });
    // MSAL would remember these for a minute and refuse by itself; thrown, they are a network error to it.
    if (response.status === 429 || response.status >= 500)
      throw new Error(`the login service answered ${response.status}`);
    return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.json() };
  };
  return {
    sendGetRequestAsync: (url, options) => request("GET", url, options?.headers),
    sendPostRequestAsync: (url, options) => request("POST", url, options?.headers, options?.body),
  };
}

function isDown(error: unknown): boolean {
  // MSAL turns whatever its network module throws into this code and drops the cause.
  return error instanceof Error && (error as { readonly errorCode?: unknown }).errorCode === "network_error";
}

/** The login service's own number (`AADSTS…`) where there is one; never its text, which may name people. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const { errorCode } = error as { readonly errorCode?: unknown };
  const number = /AADSTS\d+/.exec(error.message)?.[0];
  return number ?? (typeof errorCode === "string" ? errorCode : error.name);
}
