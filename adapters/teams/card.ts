/** The few card parts that this adapter writes. https://adaptivecards.io/explorer */
export interface TextRun {
  readonly type: "TextRun";
  readonly text: string;
  readonly weight?: "Bolder";
  readonly italic?: true;
  readonly underline?: true;
  readonly selectAction?: OpenUrl;
}

export interface RichTextBlock {
  readonly type: "RichTextBlock";
  readonly inlines: readonly TextRun[];
  readonly spacing?: Spacing;
}

type Spacing = "None" | "Small" | "Medium";

export interface OpenUrl {
  readonly type: "Action.OpenUrl";
  readonly url: string;
  readonly title?: string;
  readonly style?: "positive";
}

interface Pressable {
  readonly title: string;
  readonly data: { readonly t: string };
  readonly style?: "positive";
  readonly tooltip?: string;
}

export interface Execute extends Pressable {
  readonly type: "Action.Execute";
  readonly verb: "press";
  readonly fallback: Submit;
}

export interface Submit extends Pressable {
  readonly type: "Action.Submit";
}

export interface ActionSet {
  readonly type: "ActionSet";
  readonly actions: readonly (Execute | OpenUrl)[];
  readonly spacing?: Spacing;
}

export interface Image {
  readonly type: "Image";
  readonly url: string;
  readonly altText: string;
}

export type CardElement = RichTextBlock | Image | ActionSet;

export interface Card {
  readonly type: "AdaptiveCard";
  readonly $schema: "http://adaptivecards.io/schemas/adaptive-card.json";
  readonly version: "1.5";
  readonly fallbackText: string;
  readonly speak: string;
  readonly msteams: { readonly width: "full" };
  readonly body: readonly CardElement[];
}
