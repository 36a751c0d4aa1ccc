package wire

import (
	"bytes"
	"fmt"
	"reflect"
	"sync"
	"unicode/utf8"

	"github.com/vmihailenco/msgpack/v5"
)

// Frame is one encoded message. Many links share it, so it is never changed.
type Frame []byte

// Encode makes the frame of a message. It fails on a value whose type cannot
// travel, a string that is not UTF-8, and a frame above MaxServerFrame.
func Encode(m Message) (Frame, error) {
	e := encoders.Get().(*Encoder)
	defer encoders.Put(e)
	return e.Encode(m)
}

var encoders = sync.Pool{New: func() any { return new(Encoder) }}

// Encoder is Encode with buffers of its own, for one goroutine that encodes
// often. The zero Encoder is ready.
type Encoder struct {
	buf bytes.Buffer
	w   *msgpack.Encoder
}

// Encode is as the function of that name.
func (e *Encoder) Encode(m Message) (Frame, error) {
	e.reset()
	if err := e.message(m); err != nil {
		return nil, fmt.Errorf("encode %T: %w", m, err)
	}
	if e.buf.Len() > MaxServerFrame {
		return nil, fmt.Errorf("encode %T: %d bytes are more than %d", m, e.buf.Len(), MaxServerFrame)
	}
	return bytes.Clone(e.buf.Bytes()), nil
}

func (e *Encoder) reset() {
	if e.w == nil {
		e.w = msgpack.NewEncoder(&e.buf)
	}
	e.buf.Reset()
}

// message = [kind, field...]
func (e *Encoder) message(m Message) error {
	l := layouts[m.kind()]
	v := reflect.Indirect(reflect.ValueOf(m))
	if err := e.w.EncodeArrayLen(1 + len(l.fields)); err != nil {
		return err
	}
	if err := e.w.EncodeUint(uint64(l.kind)); err != nil {
		return err
	}
	for i, f := range l.fields {
		if err := e.field(f, v.Field(i)); err != nil {
			return err
		}
	}
	return nil
}

func (e *Encoder) field(f layoutField, v reflect.Value) error {
	switch f.holds {
	case holdsSchema:
		return e.schema(v.Interface().(Schema))
	case holdsValue:
		return e.value(v.Elem())
	}
	return e.shaped(f.shape, v)
}

// value encodes a game's value.
func (e *Encoder) value(v reflect.Value) error {
	if !v.IsValid() {
		return fmt.Errorf("no value given")
	}
	s, err := shapeOf(v.Type())
	if err != nil {
		return err
	}
	return e.shaped(s, v)
}

func (e *Encoder) shaped(s *shape, v reflect.Value) error {
	switch s.typ.Form {
	case Bool:
		return e.w.EncodeBool(v.Bool())
	case Int:
		return e.w.EncodeInt(v.Int())
	case Uint:
		return e.w.EncodeUint(v.Uint())
	case Str:
		return e.str(v.String())
	case Bin:
		return e.bin(v)
	case List:
		return e.list(s, v)
	case Opt:
		if v.IsNil() {
			return e.w.EncodeNil()
		}
		return e.shaped(s.elem, v.Elem())
	}
	return e.strct(s, v)
}

func (e *Encoder) str(s string) error {
	if !utf8.ValidString(s) {
		return fmt.Errorf("the string %q is not UTF-8", s)
	}
	return e.w.EncodeString(s)
}

func (e *Encoder) bin(v reflect.Value) error {
	if err := e.w.EncodeBytesLen(v.Len()); err != nil {
		return err
	}
	_, err := e.buf.Write(bytesOf(v))
	return err
}

func (e *Encoder) list(s *shape, v reflect.Value) error {
	n := v.Len()
	if err := e.w.EncodeArrayLen(n); err != nil {
		return err
	}
	for i := range n {
		if err := e.shaped(s.elem, v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

func (e *Encoder) strct(s *shape, v reflect.Value) error {
	if err := e.w.EncodeArrayLen(len(s.fields)); err != nil {
		return err
	}
	for _, f := range s.fields {
		if err := e.shaped(f.shape, v.Field(f.index)); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	return nil
}
