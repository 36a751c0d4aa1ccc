// The page: shows the place that the address says.

import './style/base.css'
import './style/lobby.css'
import './style/room.css'
import './style/replay.css'

import { Context } from './context.ts'
import type { Undo } from './dom.ts'
import { joinPage } from './lobby/join.ts'
import { matchPage } from './lobby/match.ts'
import { lobbyPage } from './lobby/page.ts'
import { replayPage } from './replay/page.ts'
import { roomPage } from './room/page.ts'
import { onPlace, parse, type Route } from './route.ts'

const root = document.getElementById('app') as HTMLElement
const context = new Context()
let leave: Undo = () => {}

function show(route: Route): void {
  leave()
  root.replaceChildren()
  for (const dialog of document.querySelectorAll('dialog')) dialog.remove()
  document.documentElement.dataset.at = route.at
  leave = page(route)
}

function page(route: Route): Undo {
  switch (route.at) {
    case 'lobby': return lobbyPage(root, context)
    case 'join': return joinPage(root, context, route.code)
    case 'room': return roomPage(root, context, route.id, route.watch)
    case 'match': return matchPage(root, context, route.id)
    case 'replay': return replayPage(root, context, route.id, route.delay)
  }
}

onPlace(show)
show(parse(location.search))
