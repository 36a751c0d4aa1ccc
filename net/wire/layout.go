package wire

import "reflect"

// layout is how one message travels: [kind, field...], the fields of its Go
// struct in their order.
type layout struct {
	kind   Kind
	rtype  reflect.Type
	fields []layoutField
}

type layoutField struct {
	holds holds
	shape *shape // when it holds what this package defines
}

type holds uint8

const (
	holdsShape  holds = iota
	holdsValue        // a game's value: an any
	holdsSchema       // a Schema
)

// layouts are all messages, by kind.
var layouts = layoutsOf(
	Hello{}, Command{}, Input{}, Say{}, Ping{}, Leave{}, Ack{}, Post{}, Show{}, Check{},
	Welcome{}, Snapshot{}, Event{}, Reply{}, Chat{}, Member{}, Pong{}, Over{}, Notice{}, Bye{}, Linked{}, Opened{}, Moved{}, Desync{},
	Through{}, Took{}, Joined{}, Gone{}, Back{}, Renewed{}, Left{}, GaveUp{}, Said{}, Did{}, Steered{}, Began{}, SavedRoom{}, SavedMatch{}, Marked{}, Kept{},
)

func layoutsOf(messages ...Message) map[Kind]*layout {
	all := map[Kind]*layout{}
	for _, m := range messages {
		t := reflect.TypeOf(m)
		l := &layout{kind: m.kind(), rtype: t}
		for field := range t.Fields() {
			l.fields = append(l.fields, layoutOf(field.Type))
		}
		all[l.kind] = l
	}
	return all
}

func layoutOf(t reflect.Type) layoutField {
	switch t {
	case reflect.TypeFor[any]():
		return layoutField{holds: holdsValue}
	case reflect.TypeFor[Schema]():
		return layoutField{holds: holdsSchema}
	}
	return layoutField{shape: mustShape(t)}
}

// side is who sends messages of a kind.
type side uint8

const (
	fromClient side = iota
	fromServer
	kept // in a journal
)

func (k Kind) side() side {
	switch {
	case k < KindWelcome:
		return fromClient
	case k < KindThrough:
		return fromServer
	}
	return kept
}
