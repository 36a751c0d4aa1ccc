// Every bound that motion puts on what it keeps and does.

/** Views kept: more than a second of them at the usual 20 to 60 a second, and delays end well below one. */
export const maxViews = 64

/** Milliseconds between two views from which on there is no way from one to the other: a pause, or another beginning. */
export const far = 1_000

/** Arrivals by which a delay is judged: some seconds of them, so that it shrinks only when the network stays better. */
export const maxNeeds = 100

/** Ticks played again for one view: two seconds at 60 a second. A view older than that starts the prediction anew. */
export const maxReplay = 120
