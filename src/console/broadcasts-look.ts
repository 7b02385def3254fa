/** How the previews of a broadcast look: shapes that people know from their chats, in our own colours. */
export const PREVIEW_STYLE = `.previews { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); }
.preview { border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.5rem 0.75rem 0.75rem; min-width: 0; }
.preview h4 { margin: 0.25rem 0 0.5rem; font-size: 0.95rem; }
.preview .note { border-left: 0.2rem solid var(--strong); padding-left: 0.6rem; color: var(--soft); font-size: 0.9rem; }
.preview pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.8rem; padding: 0.5rem; margin: 0; }
.look { background: var(--panel); border-radius: 0.5rem; padding: 0.6rem; overflow-wrap: anywhere; }
.look p, .look ul, .look ol { margin: 0 0 0.4rem; }
.look a { display: inline; min-height: 0; }
.look img { display: block; margin: 0 0 0.5rem; border-radius: 0.35rem; }
.look .message + .message { margin-top: 0.5rem; }
.keys { display: flex; flex-wrap: wrap; gap: 0.3rem; }
.key { flex: 1 1 auto; text-align: center; padding: 0.35rem 0.6rem; border: 1px solid var(--strong); border-radius: 0.4rem; color: var(--strong); font-weight: 600; font-size: 0.9rem; }
.look.bubble .message { background: var(--back); border-radius: 0.9rem 0.9rem 0.9rem 0.2rem; padding: 0.55rem 0.75rem; max-width: 95%; }
.look.bubble .key { background: var(--note); border-color: var(--note); }
.look.block { background: var(--back); border-left: 0.3rem solid var(--line); border-radius: 0; }
.look.block .key { flex: 0 1 auto; border-color: var(--soft); color: var(--text); background: var(--back); }
.look.card .message { background: var(--back); border: 1px solid var(--line); border-radius: 0.3rem; padding: 0.75rem; box-shadow: 0 1px 3px var(--line); }
.look.card .key { flex: 0 1 auto; border-radius: 0.2rem; }
.look.page .message { background: var(--note); border-radius: 0.75rem; padding: 0.6rem 0.8rem; }
.look.page .key { border-radius: 1.2rem; background: var(--back); }
.look.letter { background: var(--back); border: 1px solid var(--line); border-radius: 0.2rem; }
.look.letter .message > p:first-child { border-bottom: 1px solid var(--line); padding-bottom: 0.4rem; }
.look.letter .message > p:last-child { border-top: 1px solid var(--line); padding-top: 0.4rem; color: var(--soft); font-size: 0.9rem; }
.look.letter .key { flex: 0 1 auto; border: 0; padding: 0; text-decoration: underline; }
`;
