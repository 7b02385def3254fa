import { CloudAdapter } from "botbuilder";
import type { Express } from "express";
import { type Adapter, type AdapterDeps, DeliveryError, type Receive } from "../../src/engine/adapter.ts";
import type { Outgoing } from "../../src/engine/types.ts";
import { createRegistration, type Registration } from "./auth.ts";
import { nameOf, type TeamsConnection } from "./connection.ts";
import { teamsHealth } from "./health.ts";
import { CONCURRENCY, RATES } from "./limits.ts";
import { mountPackage } from "./package-route.ts";
import { readRef } from "./ref.ts";
import { asJson, renderReply } from "./render.ts";
import { type Sender, send } from "./send.ts";
import { shownCards } from "./shown.ts";
import { mountWebhook } from "./webhook.ts";

/** Teams, over any number of registrations. Nothing is sent or asked before the first message or `health`. */
export function createTeamsAdapter(connections: readonly TeamsConnection[], deps: AdapterDeps): Adapter {
  const senders: Sender[] = [];
  const broken: { readonly name: string; readonly reason: string }[] = [];
  for (const connection of connections) {
    try {
      senders.push(senderOf(connection));
    } catch (error) {
      // One registration that cannot be set up leaves the others alone; health names it.
      const reason = error instanceof Error ? error.name : "unknown";
      broken.push({ name: nameOf(connection), reason });
      deps.log.error({ platform: "teams", connection: nameOf(connection), error: reason }, "registration not set up");
    }
  }
  // Where nobody signed, no token goes either.
  const unsigned = new Map<string, Sender>();
  for (const connection of connections) {
    if (connection.anonymous !== undefined) unsigned.set(nameOf(connection), senderOf(tokenless(connection)));
  }
  const registrations = senders.map((sender) => sender.registration);

  const senderFor = (outgoing: Outgoing): Sender => {
    const [name] = outgoing.address.tenant.split("/");
    const plain = readRef(outgoing.address.ref)?.unsigned === true;
    const found = plain ? unsigned.get(name ?? "") : senders.find((sender) => sender.registration.name === name);
    if (found === undefined) throw new DeliveryError("misconfigured", "no such registration is connected");
    return found;
  };

  const deliver = async (outgoing: Outgoing) => {
    const sender = senderFor(outgoing);
    const image = outgoing.reply.image;
    const url = image === undefined ? undefined : await deps.images.url(image).catch(() => undefined);
    return await send(sender, outgoing, renderReply(outgoing.reply, url), deps.keep);
  };

  return {
    channel: "teams",
    capabilities: { lane: true, rates: RATES, concurrency: CONCURRENCY, edits: true, home: false, delivered: true },
    async mount(app: Express, receive: Receive) {
      mountWebhook(app, registrations, receive, deps, deliver);
      mountPackage(app, connections, deps);
    },
    async setUp() {
      // Names, descriptions and commands of a Teams app stand in its package; there is no call that sets them.
    },
    listeners: [],
    deliver,
    preview(reply) {
      // Without an https address the description stands in the picture's place, as it will when the message leaves.
      const url = deps.publicUrl === undefined ? undefined : `${deps.publicUrl}/i/preview.png`;
      const activities = renderReply(reply, url);
      return { parts: asJson(activities), shown: shownCards(activities) };
    },
    joinWays: async (code, word = "join") =>
      connections.flatMap(({ appId }) => {
        if (appId === undefined) return [];
        const query = new URLSearchParams({ users: `28:${appId}`, message: `${word} ${code}` });
        return [{ name: "Microsoft Teams", url: `https://teams.microsoft.com/l/chat/0/0?${query}`, complete: true }];
      }),
    health: () => teamsHealth(registrations, broken),
    async close() {},
  };
}

function senderOf(connection: TeamsConnection): Sender {
  const registration: Registration = createRegistration(connection);
  return { registration, cloudAdapter: new CloudAdapter(registration.authentication), opened: new Map() };
}

function tokenless(connection: TeamsConnection): TeamsConnection {
  const { appId: _id, password: _password, certificate: _certificate, ...rest } = connection;
  return { ...rest, type: "MultiTenant" };
}
