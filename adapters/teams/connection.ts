import { z } from "zod";
import { urlOf } from "../../src/engine/url.ts";
import { isHostEntry } from "./hosts.ts";

const filled = z.string().trim().min(1, "must not be empty");

/** Names part of an address, which is joined with ":" and "/". */
const plainId = filled.regex(/^[^\s:/]+$/, 'must not contain spaces, ":" or "/"');

const address = z.string().refine((value) => urlOf(value) !== undefined, "must be an address such as https://…");

/**
 * Microsoft's own names for the addresses and issuers of a cloud, for private clouds and tests. All are optional: what is
 * missing is that of the public cloud, or of the cloud that `ChannelService` names.
 */
export const cloudSettings = z.strictObject({
  ChannelService: z.string().optional(),
  ToChannelFromBotLoginUrl: address.optional(),
  ToChannelFromBotOAuthScope: filled.optional(),
  ToBotFromChannelTokenIssuer: filled.optional(),
  ToBotFromChannelOpenIdMetadataUrl: address.optional(),
  ToBotFromEmulatorOpenIdMetadataUrl: address.optional(),
  OAuthUrl: address.optional(),
  BotOpenIdMetadata: address.optional(),
  CallerId: z.string().optional(),
  ValidateAuthority: z.enum(["true", "false"]).optional(),
});

/** The names of the cloud settings, as the environment has them. */
export const CLOUD_SETTINGS = cloudSettings.keyof().options;

const shape = z.strictObject({
  /** The application (client) id of the registration; empty only with `anonymous`. */
  appId: plainId.optional(),
  type: z.enum(["SingleTenant", "UserAssignedMSI", "MultiTenant"]).default("SingleTenant"),
  tenantId: plainId.optional(),
  password: filled.optional(),
  certificate: z
    .strictObject({
      /** The PEM of the certificate's private key. */
      privateKey: z.string().regex(/-----BEGIN [A-Z ]*PRIVATE KEY-----/, "must be the PEM text of a private key"),
      /** The SHA-1 thumbprint as hexadecimal digits, as the portal shows it. */
      thumbprint: z
        .string()
        .regex(/^[0-9A-Fa-f:]{40,59}$/, "must be the certificate's thumbprint, 40 hexadecimal digits"),
      /** The PEM of the certificate itself, for subject-name and issuer authentication. */
      chain: z
        .string()
        .regex(/-----BEGIN CERTIFICATE-----/, "must be the PEM text of a certificate")
        .optional(),
    })
    .optional(),
  /** The tenants whose people may talk to the bot; without it the registration's own. */
  allowedTenants: z.array(plainId).optional(),
  serviceHosts: z.array(z.string().refine(isHostEntry, "must be host or host:port, without https://")).default([]),
  cloud: cloudSettings.default({}),
  /** `loopback` takes unsigned activities from this machine. For local clients only. */
  anonymous: z.literal("loopback").optional(),
});

/** One registration of the bot, checked. */
export type TeamsConnection = z.output<typeof shape>;

/** The schema of one entry of the connections file. */
export const teamsConnection = shape.superRefine((connection, context) => {
  for (const [path, message] of faults(connection)) context.addIssue({ code: "custom", path: [path], message });
});

/** The tenants that a connection admits. */
export function tenantsOf(connection: TeamsConnection): readonly string[] {
  return connection.allowedTenants ?? (connection.tenantId === undefined ? [] : [connection.tenantId]);
}

/** How a connection is called in logs, in health and in the lane: its app id. */
export function nameOf(connection: Pick<TeamsConnection, "appId">): string {
  return connection.appId ?? "anonymous";
}

function* faults(connection: TeamsConnection): Generator<readonly [string, string]> {
  const { appId, type, tenantId, password, certificate, anonymous } = connection;
  if (appId === undefined) {
    if (anonymous === undefined) {
      yield [
        "appId",
        "is missing. Without it nobody's signature can be checked. Give the registration's application id",
      ];
    }
    return;
  }
  if (type === "UserAssignedMSI") {
    if (tenantId === undefined) yield ["tenantId", "is missing. A managed identity needs the id of its tenant"];
    if (password !== undefined) yield ["password", "must not be set: a managed identity has none"];
    if (certificate !== undefined) yield ["certificate", "must not be set: a managed identity has none"];
  } else {
    if (type === "SingleTenant" && tenantId === undefined) {
      yield ["tenantId", "is missing. Give the registration's directory (tenant) id"];
    }
    if (password !== undefined && certificate !== undefined) {
      yield ["certificate", "stands beside a password. Give one of the two"];
    }
    if (password === undefined && certificate === undefined && anonymous === undefined) {
      yield ["password", "is missing. Give a client secret or a certificate"];
    }
  }
  if (type === "MultiTenant" && tenantsOf(connection).length === 0 && anonymous === undefined) {
    yield ["allowedTenants", "is missing. Name the tenants whose people may talk to the bot"];
  }
}
