package wire

import (
	"bytes"
	"fmt"
	"reflect"

	"tickroom/game"
)

// Error is why bytes are not a message one may send, and the code to close with.
type Error struct {
	Code CloseCode
	Text string
}

func (e *Error) Error() string { return e.Text }

// DecodeClient reads what a client sent, for a match whose commands are of the
// type given. Every error is an *Error. The message shares nothing with the
// frame. A command type of nil takes none, as before Hello, when it is not known
// what is played.
func DecodeClient(frame []byte, command reflect.Type) (Message, error) {
	if len(frame) > MaxFrame {
		return nil, &Error{CloseTooLarge, fmt.Sprintf("a frame of %d bytes is more than %d", len(frame), MaxFrame)}
	}
	m, err := decode(frame, fromClient, func(Message) (reflect.Type, error) { return command, nil })
	if err != nil {
		return nil, &Error{CloseProtocol, err.Error()}
	}
	if err := checkClient(m); err != nil {
		return nil, err
	}
	return m, nil
}

// checkClient holds a message against its limits.
func checkClient(m Message) error {
	switch m := m.(type) {
	case Hello:
		if len(m.Ticket) > MaxTicket {
			return &Error{CloseTicket, fmt.Sprintf("a ticket has at most %d bytes", MaxTicket)}
		}
		if len(m.Client) > MaxClient {
			return &Error{CloseProtocol, fmt.Sprintf("hello: the client's name has at most %d bytes", MaxClient)}
		}
		if m.Link == "" || len(m.Link) > MaxLink {
			return &Error{CloseProtocol, fmt.Sprintf("hello: a link's name has 1 to %d bytes", MaxLink)}
		}
	case Post:
		if len(m.Conn) > MaxConn {
			return &Error{CloseProtocol, fmt.Sprintf("post: a connection's name has at most %d bytes", MaxConn)}
		}
	case Ping:
		if m.T > MaxPing {
			return &Error{CloseProtocol, fmt.Sprintf("ping: t is at most %d", uint64(MaxPing))}
		}
		if len(m.Pad) > MaxPad {
			return &Error{CloseProtocol, fmt.Sprintf("ping: padding has at most %d bytes", MaxPad)}
		}
	case Show:
		if m.Speed > MaxSpeed {
			return &Error{CloseProtocol, fmt.Sprintf("show: speed is at most %d", MaxSpeed)}
		}
		if m.Seat < game.Watcher {
			return &Error{CloseProtocol, "show: seat is -1 or more"}
		}
	}
	return nil
}

// DecodeServer reads what a server sent about a match of g.
func DecodeServer(frame []byte, g *game.Game) (Message, error) {
	if len(frame) > MaxServerFrame {
		return nil, &Error{CloseTooLarge, fmt.Sprintf("a frame of %d bytes is more than %d", len(frame), MaxServerFrame)}
	}
	m, err := decode(frame, fromServer, func(m Message) (reflect.Type, error) {
		e, ok := m.(Event)
		if !ok {
			return g.ViewType(), nil
		}
		for _, t := range g.EventTypes() {
			if t.Name == e.Name {
				return t.Type, nil
			}
		}
		return nil, fmt.Errorf("%s has no event %q", g.Name, e.Name)
	})
	if err != nil {
		return nil, &Error{CloseProtocol, err.Error()}
	}
	return m, nil
}

// decode reads a message of one side. A game's value in it is of the type that
// valueType says, given the message's fields before it.
func decode(frame []byte, from side, valueType func(Message) (reflect.Type, error)) (Message, error) {
	r := newReader(frame)
	n, err := r.list(1)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, r.fail("a frame of no kind")
	}
	kind, err := r.uint()
	if err != nil {
		return nil, fmt.Errorf("kind: %w", err)
	}
	l := layouts[Kind(min(kind, 0xff))]
	if l == nil || l.kind.side() != from {
		return nil, fmt.Errorf("no message from this side has kind %d", kind)
	}
	m, err := r.message(l, n, valueType)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", game.LowerFirst(l.rtype.Name()), err)
	}
	return m, nil
}

func (r *reader) message(l *layout, n int, valueType func(Message) (reflect.Type, error)) (Message, error) {
	if n != 1+len(l.fields) {
		return nil, r.fail("want an array of %d, found one of %d", 1+len(l.fields), n)
	}
	v := reflect.New(l.rtype).Elem()
	for i, f := range l.fields {
		var err error
		switch f.holds {
		case holdsSchema:
			err = r.schemaInto(v.Field(i))
		case holdsValue:
			err = r.valueInto(v.Field(i), v, valueType)
		default:
			err = r.shaped(f.shape, v.Field(i))
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", game.LowerFirst(l.rtype.Field(i).Name), err)
		}
	}
	return v.Interface().(Message), r.end()
}

func (r *reader) schemaInto(v reflect.Value) error {
	s, err := r.schema()
	v.Set(reflect.ValueOf(s))
	return err
}

func (r *reader) valueInto(v, message reflect.Value, valueType func(Message) (reflect.Type, error)) error {
	t, err := valueType(message.Interface().(Message))
	if err != nil {
		return err
	}
	if t == nil {
		return fmt.Errorf("hello must come first")
	}
	value, err := r.value(t)
	if err == nil {
		v.Set(value)
	}
	return err
}

// value reads a game's value of a type.
func (r *reader) value(t reflect.Type) (reflect.Value, error) {
	s, err := shapeOf(t)
	if err != nil {
		return reflect.Value{}, err
	}
	v := reflect.New(t).Elem()
	return v, r.shaped(s, v)
}

func (r *reader) shaped(s *shape, v reflect.Value) error {
	switch s.typ.Form {
	case Bool:
		b, err := r.bool()
		v.SetBool(b)
		return err
	case Int:
		i, err := r.int()
		if err == nil && v.OverflowInt(i) {
			err = r.fail("%d does not fit %v", i, s.rtype.Kind())
		}
		v.SetInt(i)
		return err
	case Uint:
		u, err := r.uint()
		if err == nil && v.OverflowUint(u) {
			err = r.fail("%d does not fit %v", u, s.rtype.Kind())
		}
		v.SetUint(u)
		return err
	case Str:
		text, err := r.str()
		v.SetString(text)
		return err
	case Bin:
		return r.binInto(v)
	case List:
		return r.listInto(s, v)
	case Opt:
		if r.null() {
			return nil
		}
		v.Set(reflect.New(s.elem.rtype))
		return r.shaped(s.elem, v.Elem())
	}
	return r.structInto(s, v)
}

// binInto and listInto leave a slice nil when it is empty, so that a value has
// one form whether it was made here or came over the wire or from a log.
func (r *reader) binInto(v reflect.Value) error {
	b, err := r.bin()
	switch {
	case err != nil:
		return err
	case v.Kind() == reflect.Slice:
		if len(b) > 0 {
			v.SetBytes(bytes.Clone(b))
		}
	case len(b) != v.Len():
		return r.fail("want %d bytes, found %d", v.Len(), len(b))
	default:
		for i, octet := range b {
			v.Index(i).SetUint(uint64(octet))
		}
	}
	return nil
}

func (r *reader) listInto(s *shape, v reflect.Value) error {
	n, err := r.list(s.elem.least)
	if err != nil {
		return err
	}
	if v.Kind() == reflect.Array && n != v.Len() {
		return r.fail("want an array of %d, found one of %d", v.Len(), n)
	}
	if v.Kind() == reflect.Slice && n > 0 {
		v.Set(reflect.MakeSlice(s.rtype, n, n))
	}
	for i := range n {
		if err := r.shaped(s.elem, v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) structInto(s *shape, v reflect.Value) error {
	if err := r.arrayOf(len(s.fields)); err != nil {
		return err
	}
	for _, f := range s.fields {
		if err := r.shaped(f.shape, v.Field(f.index)); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	return nil
}
