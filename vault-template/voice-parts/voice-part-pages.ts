import { html, type Fragment, type Html } from "../http/html.ts";
import { tokenField } from "../http/layout.ts";
import type { Member } from "../members/member.ts";
import { voicePartNames, voiceParts } from "./voice-part.ts";

/** The tag beside a member's name. */
export const voicePartTag = ({ voicePart }: Member): Fragment =>
  voicePart && html`<span class="tag">${voicePartNames[voicePart]}</span>`;

/** Where members say what they sing. */
export const voicePartForm = ({ voicePart }: Member, formToken: string): Html =>
  html`<form class="card" method="post" action="/me/voice-part">
    <h2>Your voice</h2>
    ${tokenField(formToken)}<label for="voicePart">You sing</label
    ><select id="voicePart" name="voicePart">
      <option value="">not said</option>
      ${voiceParts.map(
        (part) =>
          html`<option value="${part}" ${part === voicePart ? html` selected` : ""}>${voicePartNames[part]}</option>`,
      )}</select
    ><button class="button">Save</button>
  </form>`;
