/** Making DOM nodes. Text is always text: nothing here, or anywhere in HEAT, parses markup. */

type Props = Readonly<Record<string, string | number | boolean | undefined | ((event: Event) => void)>>;
export type Child = Node | string | null | false;

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes, listeners (functions, named by their event) and children. */
export function make<K extends keyof HTMLElementTagNameMap>(name: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(props)) {
    if (typeof value === "function") node.addEventListener(key, value);
    else if (value !== undefined && value !== false) node.setAttribute(key, value === true ? "" : String(value));
  }
  node.append(...children.filter((child): child is Node | string => child !== null && child !== false && child !== ""));
  return node;
}

/** A 24 × 24 drawing of one path. */
export function drawing(path: string, size = 16): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ viewBox: "0 0 24 24", width: size, height: size, "aria-hidden": "true", fill: "currentColor" })) {
    svg.setAttribute(name, String(value));
  }
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  shape.setAttribute("fill-rule", "evenodd");
  svg.append(shape);
  return svg;
}

export const FLAME = "M12.6 1.6c.5 3.2-.8 5-2.4 6.8C8.4 10.4 6 12.3 6 15.8 6 19.6 8.8 22.4 12.2 22.4c3.5 0 6.2-2.6 6.2-6.3 0-2.3-1-4.3-2.4-5.8-.1 1.3-.6 2.3-1.5 3C14.9 8.9 14.7 4.4 12.6 1.6zM12.3 20.3c-1.6 0-2.7-1.2-2.7-2.7 0-1.7 1.3-2.5 2.4-4.2 1.3 1.2 2.9 2.5 2.9 4.3 0 1.5-1.1 2.6-2.6 2.6z";
export const CROSS = "M6.4 5 5 6.4 10.6 12 5 17.6 6.4 19 12 13.4 17.6 19 19 17.6 13.4 12 19 6.4 17.6 5 12 10.6z";
export const PEN = "M4 20v-4.2L15.7 4.1a1.5 1.5 0 0 1 2.1 0l2.1 2.1a1.5 1.5 0 0 1 0 2.1L8.2 20zM6 18h1.4l8.6-8.6-1.4-1.4L6 16.6z";
export const BIN = "M9 3h6l1 2h4v2H4V5h4zM6 9h12l-1 12H7zM9.2 11l.5 8h1.5l-.4-8zm4 0-.4 8h1.5l.5-8z";
export const CHECK = "M9.5 17.2 4.6 12.3 6 10.9l3.5 3.5L18 5.9l1.4 1.4z";
