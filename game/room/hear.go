package room

import (
	"slices"
	"strings"
	"time"

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
	if w.current != m {
		return
	}
	switch l.act {
	case actGone:
		w.here = false
		r.setState(w, game.Held, r.ticks(r.cfg.Grace))
	case actBack:
		r.seatTaken(w)
		r.offerView(w)
	case actRenew:
		r.seatTaken(w)
		r.welcome(w)
	case actLeave:
		m.link.Close(wire.CloseLeft, "You left.")
		w.current = nil
		r.giveUp(w)
	case actSay:
		r.say(m, l.n, l.text)
	case actCommand:
		r.command(m, l)
	case actInput:
		if w.seat != game.Watcher {
			now := r.match.Tick() + 1
			w.controls.put(l.tick, l.command, now, now+game.Tick(r.cfg.Setup.TickRate/maxAhead))
		}
	}
}

func (r *Room) command(m *Member, l letter) {
	switch {
	case m.who.seat == game.Watcher:
		r.send(m, wire.Reply{N: l.n, Code: "watching", Text: "You are watching; you have no seat."})
	case r.ending != nil:
		r.send(m, wire.Reply{N: l.n, Code: game.ErrOver.Code, Text: game.ErrOver.Text})
	default:
		r.deeds = append(r.deeds, deed{seat: m.who.seat, command: l.command, from: m, n: l.n})
	}
}

func (r *Room) say(m *Member, n uint32, text string) {
	w := m.who
	text = strings.TrimSpace(text)
	second := r.ticks(time.Second)
	switch {
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
