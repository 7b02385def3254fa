import { join } from "node:path";
import type { Words } from "../engine/adapter.ts";
import { createImages, type ImageServer } from "../images/images.ts";
import { isGoodCode } from "../jobs/codes.ts";
import { packageRoot } from "../store/root.ts";
import { loadWords } from "../words.ts";
import type { SharedDeps } from "./adapters.ts";
import type { Foundation } from "./parts.ts";
import { createSigning } from "./signing.ts";
import { createChatStream } from "./stream.ts";

/** What all adapters share, with the pictures' route and the way to end it. */
export interface Shared {
  readonly deps: SharedDeps;
  readonly images: ImageServer;
  close(): void;
}

/** Words, pictures, signatures and the stream of messages. */
export function createShared({ config, store, secret, log }: Foundation): Shared {
  const signing = createSigning(secret, config.previousSecret);
  const stream = createChatStream(store);
  const images = createImages({
    dir: join(config.filesDir, "images"),
    sign: signing.sign,
    publicUrl: config.publicUrl,
    log,
    refs: store.keep("images"),
  });
  const deps: SharedDeps = {
    images,
    words: loadPackageWords(),
    now: config.clock.now,
    log,
    publicUrl: config.publicUrl,
    stream,
    ...signing,
    openEnrolment: config.openEnrolment,
    admit: (code) => isGoodCode(store.db, secret, code, config.clock.now()),
  };
  return { deps, images, close: () => stream.close() };
}

/** The words that came with the package. */
export function loadPackageWords(): Words {
  return loadWords(join(packageRoot(), "words"));
}
