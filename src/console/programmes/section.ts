import type { Section } from "../types.ts";
import { ask, no, yes } from "./decide.ts";
import { page as draftPage } from "./draft.tsx";
import { page as filePage, save } from "./file.tsx";
import { begin, remove, replace, upload, zip } from "./files.ts";
import { page as listPage } from "./list.tsx";
import { move, page as playPage } from "./play.tsx";
import { page as previewPage } from "./preview.tsx";

const action = "programmes.write";

/** Writing programmes: drafts, what is wrong in them, trying them out, and publishing after a second person's yes. */
export const programmes: Section = {
  path: "/programmes",
  name: "programmes.page",
  routes: [
    { method: "get", path: "/programmes", action, handle: listPage },
    { method: "post", path: "/programmes", action, handle: upload },
    { method: "post", path: "/programmes/begin", action, handle: begin },
    { method: "get", path: "/programmes/:id", action, handle: draftPage },
    { method: "get", path: "/programmes/:id/pack.zip", action, handle: zip },
    { method: "post", path: "/programmes/:id/replace", action, handle: replace },
    { method: "post", path: "/programmes/:id/remove", action, handle: remove },
    { method: "get", path: "/programmes/:id/file", action, handle: filePage },
    { method: "post", path: "/programmes/:id/file", action, handle: save },
    { method: "get", path: "/programmes/:id/play", action, handle: playPage },
    { method: "post", path: "/programmes/:id/play", action, handle: move },
    { method: "get", path: "/programmes/:id/preview", action, handle: previewPage },
    { method: "post", path: "/programmes/:id/ask", action, handle: ask },
    { method: "post", path: "/programmes/:id/yes", action: "programmes.publish", handle: yes },
    { method: "post", path: "/programmes/:id/no", action: "programmes.publish", handle: no },
  ],
};
