import { CLOUD_SETTINGS } from "./connection.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const OWN = [
  "MicrosoftAppId",
  "MicrosoftAppPassword",
  "MicrosoftAppType",
  "MicrosoftAppTenantId",
  "CertificateThumbprint",
  "CertificatePrivateKey",
  "TEAMS_ALLOWED_TENANTS",
  "TEAMS_SERVICE_HOSTS",
  "TEAMS_ANONYMOUS",
] as const;

const TYPES: Readonly<Record<string, string>> = {
  singletenant: "SingleTenant",
  userassignedmsi: "UserAssignedMSI",
  multitenant: "MultiTenant",
};

/**
 * One registration from the environment, with the names botbuilder gives these variables. `undefined` where none of
 * them is set. Each problem names the variable and the repair.
 */
export function connectionFromEnvironment(
  env: Environment,
  facts: { readonly publicUrl: string | undefined; readonly loopback: boolean },
): { readonly connection?: unknown; readonly problems: readonly string[] } | undefined {
  const value = (name: string) => {
    const text = env[name]?.trim();
    return text === "" ? undefined : text;
  };
  const signs = [...OWN, ...CLOUD_SETTINGS.filter((name) => name.startsWith("To"))];
  // An app id that is there but empty would switch the vendor's checks off, so it counts as an attempt to switch Teams on.
  if (!signs.some((name) => value(name) !== undefined) && env.MicrosoftAppId === undefined) return undefined;

  const appId = value("MicrosoftAppId");
  const password = value("MicrosoftAppPassword");
  const tenantId = value("MicrosoftAppTenantId");
  const thumbprint = value("CertificateThumbprint");
  const privateKey = value("CertificatePrivateKey");
  const anonymous = value("TEAMS_ANONYMOUS");
  const tenants = list(value("TEAMS_ALLOWED_TENANTS"));
  const givenType = value("MicrosoftAppType");
  const type =
    givenType === undefined
      ? defaultType(tenantId, tenants !== undefined || anonymous !== undefined)
      : TYPES[givenType.toLowerCase()];

  const problems: string[] = [];
  const missing = (name: string, repair: string) => problems.push(`${name} is missing. ${repair}`);

  if (type === undefined) {
    problems.push("MicrosoftAppType must be SingleTenant, UserAssignedMSI or MultiTenant.");
  }
  if (anonymous !== undefined && anonymous !== "loopback") {
    problems.push("TEAMS_ANONYMOUS can only be loopback. Remove it, or set it to loopback for local clients.");
  }
  if (anonymous === "loopback" && facts.publicUrl !== undefined && !facts.loopback) {
    problems.push(
      "TEAMS_ANONYMOUS=loopback is refused with a PUBLIC_URL that is not loopback. Remove TEAMS_ANONYMOUS and set MicrosoftAppId.",
    );
  }
  if (appId === undefined) {
    if (anonymous === undefined) {
      missing(
        "MicrosoftAppId",
        "Without it requests would not be checked. Set it to the registration's application id, or set TEAMS_ANONYMOUS=loopback for local clients.",
      );
    }
  } else {
    if (type !== "MultiTenant" && tenantId === undefined) {
      missing("MicrosoftAppTenantId", "Set it to the registration's directory (tenant) id.");
    }
    if (type === "UserAssignedMSI" && password !== undefined) {
      problems.push("MicrosoftAppPassword must not be set for a managed identity. Remove it.");
    }
    const certificate = thumbprint !== undefined || privateKey !== undefined;
    if (certificate && thumbprint === undefined)
      missing("CertificateThumbprint", "Set it, or remove CertificatePrivateKey.");
    if (certificate && privateKey === undefined)
      missing("CertificatePrivateKey", "Set it, or remove CertificateThumbprint.");
    if (certificate && password !== undefined) {
      problems.push("MicrosoftAppPassword stands beside CertificatePrivateKey. Remove one of the two.");
    }
    if (type !== "UserAssignedMSI" && !certificate && password === undefined && anonymous === undefined) {
      missing("MicrosoftAppPassword", "Set it to a client secret of the registration.");
    }
    if (type === "MultiTenant" && tenantId === undefined && tenants === undefined && anonymous === undefined) {
      missing("TEAMS_ALLOWED_TENANTS", "Name the tenants whose people may talk to the bot, separated by commas.");
    }
  }
  if (problems.length > 0) return { problems };

  const cloud = Object.fromEntries(
    CLOUD_SETTINGS.flatMap((name) => {
      const text = value(name);
      return text === undefined ? [] : [[name, text]];
    }),
  );
  const connection = {
    type,
    cloud,
    serviceHosts: list(value("TEAMS_SERVICE_HOSTS")) ?? [],
    ...(appId === undefined ? {} : { appId }),
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(password === undefined ? {} : { password }),
    ...(thumbprint === undefined || privateKey === undefined ? {} : { certificate: { thumbprint, privateKey } }),
    ...(tenants === undefined ? {} : { allowedTenants: tenants }),
    ...(anonymous === undefined ? {} : { anonymous }),
  };
  return { connection, problems };
}

/** Today's registrations belong to one tenant; one without a tenant is of the older kind only where it lists those it serves. */
function defaultType(tenantId: string | undefined, others: boolean): string {
  return tenantId === undefined && others ? "MultiTenant" : "SingleTenant";
}

function list(text: string | undefined): readonly string[] | undefined {
  const entries = text?.split(/[\s,;]+/).filter((entry) => entry !== "");
  return entries === undefined || entries.length === 0 ? undefined : entries;
}
