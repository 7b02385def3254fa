import type { Localised } from "../domain/programme.ts";

/** Everything a certificate says, as somebody decided it. Plain data: whoever awards gathers it. */
export interface CertificateFacts {
  readonly personId: string;
  /** The name as its owner confirmed it for the certificate. */
  readonly name: string;
  readonly programme: { readonly id: string; readonly version: string; readonly title: Localised<string> };
  readonly certificate: {
    /** The pack's id of the kind of certificate. */
    readonly id: string;
    readonly title: Localised<string>;
    /** What its public page calls it where the title itself would tell too much about its owner. */
    readonly neutralTitle?: Localised<string>;
    readonly description: Localised<string>;
    /** What had to be done for it. */
    readonly criteria: Localised<string>;
  };
  /** The language the certificate is written in: its owner's choice. */
  readonly language: string;
  readonly level?: {
    readonly number: number;
    /** Every level there is, the lowest first. */
    readonly all: readonly { readonly number: number; readonly name: Localised<string> }[];
  };
  /** Minutes by kind. */
  readonly hours: readonly { readonly kind: string; readonly name: Localised<string>; readonly minutes: number }[];
  /** Items of a published framework that it shows, by their address. */
  readonly competences: readonly {
    readonly uri: string;
    readonly code?: string;
    readonly name: Localised<string>;
    readonly framework?: string;
    readonly level?: string;
  }[];
  readonly issuer: {
    readonly organisationId: string | null;
    readonly name: string;
    readonly url?: string;
    /** The address of its logo. */
    readonly logo?: string;
  };
  /** Epoch milliseconds; without a beginning it is valid from now on, and null never ends. */
  readonly validFrom?: number;
  readonly validUntil: number | null;
  /** What its owner lets the public page say; without it neither. */
  readonly shows?: { readonly name: boolean; readonly programme: boolean };
  /** The assessment it follows from: issuing twice for one is once. */
  readonly assessmentId?: string;
  /** The certificate that this one takes the place of. */
  readonly supersedes?: string;
  /** The next instant of the life-cycle, epoch milliseconds. */
  readonly nextAt?: number;
}

/** What is kept in the open beside an award, in every language: nothing of it is personal. */
export interface Display {
  readonly title: Localised<string>;
  readonly neutralTitle?: Localised<string>;
  readonly programme: Localised<string>;
  readonly level?: Localised<string>;
  readonly hours: readonly { readonly kind: string; readonly name: Localised<string>; readonly minutes: number }[];
  readonly issuer: { readonly name: string; readonly url?: string };
}

/** The part of the facts that may stand in the open. */
export function displayOf(facts: CertificateFacts): Display {
  const { certificate, programme, level, hours, issuer } = facts;
  const own = level?.all.find(({ number }) => number === level.number);
  return {
    title: certificate.title,
    ...(certificate.neutralTitle === undefined ? {} : { neutralTitle: certificate.neutralTitle }),
    programme: programme.title,
    ...(own === undefined ? {} : { level: own.name }),
    hours,
    issuer: { name: issuer.name, ...(issuer.url === undefined ? {} : { url: issuer.url }) },
  };
}

/** The text in the first of these languages that it has, else in whichever it has. */
export function inFirst(text: Localised<string>, ...wanted: readonly string[]): string {
  const found = wanted.find((language) => text[language] !== undefined);
  return (found === undefined ? Object.values(text)[0] : text[found]) ?? "";
}
