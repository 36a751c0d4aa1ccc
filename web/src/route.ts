// Where in the page we are, as its address says: "/", "/?join=CODE",
// "/?room=ID", "/?room=ID&watch", "/?match=ID", "/?replay=ID", and of a match that
// is still played "/?replay=ID&delay=SECONDS".

export type Route =
  | { readonly at: 'lobby' }
  | { readonly at: 'join'; readonly code: string }
  | { readonly at: 'room'; readonly id: string; readonly watch: boolean }
  | { readonly at: 'match'; readonly id: string }
  | { readonly at: 'replay'; readonly id: string; readonly delay?: number }

export const lobby: Route = { at: 'lobby' }

export function parse(search: string): Route {
  const params = new URLSearchParams(search)
  const [code, room, match, replay] = ['join', 'room', 'match', 'replay'].map((name) => params.get(name))
  if (room) return { at: 'room', id: room, watch: params.has('watch') }
  if (code) return { at: 'join', code }
  if (match) return { at: 'match', id: match }
  if (replay) return { at: 'replay', id: replay, ...late(params.get('delay')) }
  return lobby
}

export function address(route: Route): string {
  switch (route.at) {
    case 'lobby': return '/'
    case 'join': return `/?join=${encodeURIComponent(route.code)}`
    case 'room': return `/?room=${encodeURIComponent(route.id)}${route.watch ? '&watch' : ''}`
    case 'match': return `/?match=${encodeURIComponent(route.id)}`
    case 'replay': return `/?replay=${encodeURIComponent(route.id)}${route.delay ? `&delay=${route.delay}` : ''}`
  }
}

/** A delay as somebody wrote it into an address: whole seconds, up to an hour, or none. */
function late(text: string | null): { delay?: number } {
  const delay = Math.min(3600, Math.round(Number(text)))
  return delay > 0 ? { delay } : {}
}

/** Goes there; whoever shows the page hears of it. `replace` leaves no way back to the present place. */
export function go(route: Route, replace = false): void {
  if (replace) history.replaceState(null, '', address(route))
  else history.pushState(null, '', address(route))
  dispatchEvent(new PopStateEvent('popstate'))
}

/** Calls at every change of the place, going back included. */
export function onPlace(run: (route: Route) => void): void {
  addEventListener('popstate', () => run(parse(location.search)))
}
