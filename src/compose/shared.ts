import { join } from "node:path";
import { createAbout } from "../cohorts/about.ts";
import { createGroups } from "../cohorts/groups.ts";
import type { Adapter, Words } from "../engine/adapter.ts";
import { createImages, type ImageServer } from "../images/images.ts";
import { keptPicture } from "../images/upload.ts";
import { mailWriter } from "../mail/mailbox.ts";
import { createAudit } from "../people/audit.ts";
import { isGoodCode } from "../people/codes.ts";
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
  /** Names the platforms, which are made from `deps`: pages about a code list the ways in. */
  use(adapters: readonly Adapter[]): void;
  close(): void;
}

/** Words, pictures, signatures and the stream of messages. */
export function createShared({ config, store, secret, log }: Foundation): Shared {
  const signing = createSigning(secret, config.previousSecret);
  const stream = createChatStream(store, config.clock.now);
  const images = createImages({
    dir: join(config.filesDir, "images"),
    sign: signing.sign,
    publicUrl: config.publicUrl,
    log,
    refs: store.keep("images"),
    given: (id) => keptPicture(store.db, id),
  });
  const words = loadPackageWords();
  let adapters: readonly Adapter[] = [];
  const { about, offers } = createAbout({ db: store.db, secret, now: config.clock.now, adapters: () => adapters });
  const deps: SharedDeps = {
    images,
    words,
    now: config.clock.now,
    log,
    publicUrl: config.publicUrl,
    stream,
    ...signing,
    openEnrolment: config.openEnrolment,
    admit: (code) => isGoodCode(store.db, secret, code, config.clock.now()),
    about,
    offers,
    returns: () => mailWriter(adapters) !== undefined && config.publicUrl !== undefined,
    ...createGroups({
      db: store.db,
      keep: store.keep("groups"),
      words,
      now: config.clock.now,
      audit: createAudit(store.db, config.clock.now),
    }),
  };
  return {
    deps,
    images,
    use(made) {
      adapters = made;
    },
    close: () => stream.close(),
  };
}

/** The words that came with the package. */
export function loadPackageWords(): Words {
  return loadWords(join(packageRoot(), "words"));
}
