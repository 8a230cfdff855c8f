/* SPDX-License-Identifier: BSD-2-Clause */
/* How everything that the page shows beside its canvases is made. */

/* An element with attributes and children; text is set as text, never as HTML. null is no child. */
export function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    made.append(...children.filter((child) => child !== null));
    return made;
}
