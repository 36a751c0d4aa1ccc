package room

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tickroom/game"
	"tickroom/net/wire"
)

// drain does what has come in by now.
func (r *Room) drain() {
	letters := r.box.take(r.letters)
	for _, l := range letters {
		if l.call != nil {
			l.call()
		} else {
			r.read(l)
		}
	}
	clear(letters)
	r.letters = letters
}

// read does what a member did. From a link that is not the newest it is nothing.
func (r *Room) read(l letter) {
	m, w := l.from, l.from.who
	if w.current != m || r.handing {
		return // what is not taken is sent again, to who goes on
	}
	switch l.act {
	case actGone:
		r.gone(w)
	case actBack:
		r.back(w)
	case actRenew:
		r.renewed(w)
	case actLeave:
		r.left(w, l.n)
	case actSay:
		r.said(w, l.n, l.text)
	case actCommand:
		r.did(w, l.n, l.command)
	case actInput:
		if w.seat != game.Watcher {
			now := r.match.Tick() + 1
			w.controls.put(l.tick, l.command, now, now+game.Tick(r.cfg.Setup.TickRate/maxAhead))
		}
	}
}

// What follows is what can happen to a member, heard now or played again from
// the journal: each writes itself down first.

// gone is when nothing carries the link.
func (r *Room) gone(w *membership) {
	r.note(wire.Gone{Who: w.number})
	w.here = false
	r.setState(w, game.Held, r.ticks(r.cfg.Grace))
}

// back is when something does again, and nothing was lost.
func (r *Room) back(w *membership) {
	r.note(wire.Back{Who: w.number})
	r.seatTaken(w)
	r.offerView(w)
}

// renewed is back where what was told is lost.
func (r *Room) renewed(w *membership) {
	r.note(wire.Renewed{Who: w.number})
	r.seatTaken(w)
	r.welcome(w)
}

// left is a member's own word.
func (r *Room) left(w *membership, n uint32) {
	r.note(wire.Left{Who: w.number, N: n})
	r.giveUp(w)
}

// gaveUp is a player's who need not be connected.
func (r *Room) gaveUp(w *membership) {
	r.note(wire.GaveUp{Who: w.number})
	r.giveUp(w)
}

func (r *Room) did(w *membership, n uint32, command any) {
	r.note(wire.Did{Who: w.number, N: n, Data: command})
	m := w.current
	w.received = n
	switch {
	case w.seat == game.Watcher:
		r.send(m, wire.Reply{N: n, Code: "watching", Text: "You are watching; you have no seat."})
	case r.ending != nil:
		r.send(m, wire.Reply{N: n, Code: game.ErrOver.Code, Text: game.ErrOver.Text})
	default:
		r.deeds = append(r.deeds, deed{seat: w.seat, command: command, from: m, n: n})
	}
}

func (r *Room) said(w *membership, n uint32, text string) {
	r.note(wire.Said{Who: w.number, N: n, Text: text})
	m := w.current
	w.received = n
	text = strings.TrimSpace(text)
	second := r.ticks(time.Second)
	switch {
	case utf8.RuneCountInString(text) > wire.MaxChat:
		r.send(m, wire.Reply{N: n, Code: "too-long", Text: "A line of chat has at most 280 characters."})
		return
	case w.seat == game.Watcher:
		r.send(m, wire.Reply{N: n, Code: "watching", Text: "You are watching; you have no seat."})
		return
	case text == "":
		r.send(m, wire.Reply{N: n, Code: "empty", Text: "There is nothing to say."})
		return
	case !w.chat.take(r.now, second, chatBurst):
		r.send(m, wire.Reply{N: n, Code: "too-fast", Text: "You are talking too fast. Wait a second."})
		return
	}
	line := wire.Chat{Seat: w.seat, Name: w.player.Name, Text: text}
	if len(r.spoken) == chatBacklog {
		r.spoken = slices.Delete(r.spoken, 0, 1)
	}
	r.spoken = append(r.spoken, r.encode(line))
	r.broadcast(line)
	r.send(m, wire.Reply{N: n})
}
