import { ConfigurationBotFrameworkAuthentication } from "botbuilder";
import { AuthenticationConstants, type BotFrameworkAuthentication, type ConnectorClient } from "botframework-connector";
import { urlOf } from "../../src/engine/url.ts";
import { type Cloud, cloudOf } from "./cloud.ts";
import { nameOf, type TeamsConnection, tenantsOf } from "./connection.ts";
import { createCredentials, type TokenSource } from "./credentials.ts";
import { type HostRule, hostRule } from "./hosts.ts";
import { SEND_MS } from "./limits.ts";

/** One registration, ready: checks what comes in, and makes connector clients for what goes out. */
export interface Registration {
  readonly name: string;
  readonly appId: string;
  readonly connection: TeamsConnection;
  readonly cloud: Cloud;
  readonly tenants: ReadonlySet<string>;
  readonly allows: HostRule;
  /** The vendor's authentication; its connectors are without retries and redirects, and for allowed hosts only. */
  readonly authentication: BotFrameworkAuthentication;
  readonly tokens: TokenSource;
}

/** A connector was asked for a host that is not allowed. Nothing was sent. */
export class HostRefused extends Error {
  constructor(serviceUrl: string) {
    super(
      `the host of ${urlOf(serviceUrl) !== undefined ? new URL(serviceUrl).host : "an unreadable address"} is not allowed`,
    );
    this.name = "HostRefused";
  }
}

/** Builds a registration from its connection. Nothing is sent yet. */
export function createRegistration(connection: TeamsConnection): Registration {
  const cloud = cloudOf(connection);
  const allows = hostRule(connection.serviceHosts, connection.anonymous !== undefined);
  const { factory, tokens } = createCredentials(connection, cloud);
  // One setting alone makes botbuilder take all of them literally, so all of them are given.
  const authentication = new ConfigurationBotFrameworkAuthentication(
    {
      MicrosoftAppId: connection.appId ?? "",
      ToChannelFromBotLoginUrl: cloud.loginUrl ?? AuthenticationConstants.ToChannelFromBotLoginUrl,
      ToChannelFromBotOAuthScope: cloud.scope,
      ToBotFromChannelTokenIssuer: cloud.issuer,
      OAuthUrl: cloud.oauthUrl,
      ToBotFromChannelOpenIdMetadataUrl: cloud.metadataUrl,
      ToBotFromEmulatorOpenIdMetadataUrl: cloud.emulatorMetadataUrl,
      CallerId: cloud.callerId,
      ValidateAuthority: cloud.validateAuthority,
      ...(connection.tenantId === undefined ? {} : { MicrosoftAppTenantId: connection.tenantId }),
    },
    factory,
  );
  return {
    name: nameOf(connection),
    appId: connection.appId ?? "",
    connection,
    cloud,
    tenants: new Set(tenantsOf(connection).map((tenant) => tenant.toLowerCase())),
    allows,
    authentication: guarded(authentication, allows),
    tokens,
  };
}

/** Makes every connector that botbuilder builds pass the host rule and lose its retries and redirects. */
function guarded(authentication: BotFrameworkAuthentication, allows: HostRule): BotFrameworkAuthentication {
  const createFactory = authentication.createConnectorFactory.bind(authentication);
  const createUserTokens = authentication.createUserTokenClient.bind(authentication);
  const connectors = new Map<string, Promise<ConnectorClient>>();
  let userTokens: ReturnType<typeof createUserTokens> | undefined;

  authentication.createConnectorFactory = (identity) => {
    const factory = createFactory(identity);
    const create = factory.create.bind(factory);
    factory.create = (serviceUrl, audience) => {
      if (!allows(serviceUrl)) return Promise.reject(new HostRefused(serviceUrl));
      const known = connectors.get(serviceUrl);
      if (known !== undefined) return known;
      if (connectors.size >= 100) connectors.clear();
      const made = create(serviceUrl, audience).then(bare);
      made.catch(() => connectors.delete(serviceUrl));
      connectors.set(serviceUrl, made);
      return made;
    };
    return factory;
  };
  // The vendor's turn wants one for its sign-in prompts, which are not used here; one is enough for all turns.
  authentication.createUserTokenClient = (identity) => {
    userTokens ??= createUserTokens(identity);
    return userTokens;
  };
  return authentication;
}

/**
 * Takes the retries out (the outbox decides about a second attempt; the vendor's policy posts up to four times) and the
 * redirects (they would carry the token to a host nobody checked), and sets a deadline.
 */
function bare(connector: ConnectorClient): ConnectorClient {
  // The pipeline is private in the vendor's types and its policies are public by name.
  const { client } = connector as unknown as { readonly client: { readonly pipeline: Pipeline } };
  client.pipeline.removePolicy({ name: "defaultRetryPolicy" });
  client.pipeline.removePolicy({ name: "redirectPolicy" });
  client.pipeline.addPolicy({
    name: "deadline",
    sendRequest: (request, next) => {
      request.timeout = SEND_MS;
      return next(request);
    },
  });
  return connector;
}

interface Pipeline {
  removePolicy(which: { readonly name: string }): unknown;
  addPolicy(policy: {
    readonly name: string;
    sendRequest<R>(request: { timeout: number }, next: (request: { timeout: number }) => R): R;
  }): void;
}
