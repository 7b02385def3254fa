import { AuthenticationConstants, GovernmentConstants } from "botframework-connector";
import type { TeamsConnection } from "./connection.ts";

/** The addresses and issuers of one cloud, complete. */
export interface Cloud {
  readonly loginUrl: string | undefined;
  readonly scope: string;
  readonly issuer: string;
  readonly metadataUrl: string;
  readonly oauthUrl: string;
  readonly emulatorMetadataUrl: string;
  readonly callerId: string;
  readonly validateAuthority: boolean;
}

/** The public cloud, or the one `ChannelService` names, with every address that the connection gives put in. */
export function cloudOf(connection: TeamsConnection): Cloud {
  const given = connection.cloud;
  const government = given.ChannelService?.toLowerCase() === GovernmentConstants.ChannelService;
  const usual = government ? GovernmentConstants : AuthenticationConstants;
  const governmentLogin = `${GovernmentConstants.ToChannelFromBotLoginUrlPrefix}${
    connection.type === "MultiTenant" ? GovernmentConstants.DefaultChannelAuthTenant : connection.tenantId
  }`;
  return {
    loginUrl: given.ToChannelFromBotLoginUrl ?? (government ? governmentLogin : undefined),
    scope: given.ToChannelFromBotOAuthScope ?? usual.ToChannelFromBotOAuthScope,
    issuer: given.ToBotFromChannelTokenIssuer ?? usual.ToBotFromChannelTokenIssuer,
    metadataUrl:
      given.ToBotFromChannelOpenIdMetadataUrl ?? given.BotOpenIdMetadata ?? usual.ToBotFromChannelOpenIdMetadataUrl,
    oauthUrl: given.OAuthUrl ?? usual.OAuthUrl,
    emulatorMetadataUrl: given.ToBotFromEmulatorOpenIdMetadataUrl ?? usual.ToBotFromEmulatorOpenIdMetadataUrl,
    callerId: given.CallerId ?? "",
    validateAuthority: given.ValidateAuthority !== "false",
  };
}
