package wire

import (
	"fmt"
	"reflect"
	"slices"
	"sync"

	"tickroom/game"
)

// shape is how values of one Go type travel, worked out once for each type.
// Everything done with a game's values follows it: write.go encodes, read.go
// decodes, plain.go gives fields their names, schema.go tells clients.
type shape struct {
	typ    Type
	rtype  reflect.Type
	least  int         // fewest bytes a value takes: bounds what a declared length can allocate
	elem   *shape      // of a List or Opt
	fields []partShape // of a Struct
}

type partShape struct {
	index int // in the Go struct
	name  string
	*shape
}

var shapes sync.Map // reflect.Type to *shape

func shapeOf(t reflect.Type) (*shape, error) {
	if s, ok := shapes.Load(t); ok {
		return s.(*shape), nil
	}
	s, err := newShape(t, nil)
	if err != nil {
		return nil, err
	}
	shapes.Store(t, s)
	return s, nil
}

// mustShape is for types of this package.
func mustShape(t reflect.Type) *shape {
	s, err := shapeOf(t)
	if err != nil {
		panic(err)
	}
	return s
}

// newShape works out a type inside of the types given.
func newShape(t reflect.Type, inside []reflect.Type) (*shape, error) {
	s := &shape{rtype: t, least: 1}
	var err error
	switch t.Kind() {
	case reflect.Bool:
		s.typ.Form = Bool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		s.typ.Form = Int
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		s.typ.Form = Uint
	case reflect.String:
		s.typ.Form = Str
	case reflect.Slice, reflect.Array:
		err = s.asList(inside)
	case reflect.Pointer:
		err = s.asOpt(inside)
	case reflect.Struct:
		err = s.asStruct(inside)
	default:
		err = fmt.Errorf("%v cannot travel: it is neither a bool, an integer, a string, bytes, a list, a struct nor a pointer to one", t)
	}
	return s, err
}

func (s *shape) asList(inside []reflect.Type) (err error) {
	if s.rtype.Elem().Kind() == reflect.Uint8 {
		s.typ.Form = Bin
		s.least = 2
		if s.rtype.Kind() == reflect.Array {
			s.least += s.rtype.Len()
		}
		return nil
	}
	if s.elem, err = newShape(s.rtype.Elem(), inside); err != nil {
		return fmt.Errorf("element: %w", err)
	}
	s.typ = Type{Form: List, Elem: &s.elem.typ}
	if s.rtype.Kind() == reflect.Array {
		s.least += s.rtype.Len() * s.elem.least
	}
	return nil
}

func (s *shape) asOpt(inside []reflect.Type) (err error) {
	if s.rtype.Elem().Kind() == reflect.Pointer {
		return fmt.Errorf("%v cannot travel: absent is one thing, not two", s.rtype)
	}
	s.elem, err = newShape(s.rtype.Elem(), inside)
	if err == nil {
		s.typ = Type{Form: Opt, Elem: &s.elem.typ}
	}
	return err
}

func (s *shape) asStruct(inside []reflect.Type) error {
	if slices.Contains(inside, s.rtype) {
		return fmt.Errorf("%v cannot travel: it contains itself", s.rtype)
	}
	inside = append(slices.Clone(inside), s.rtype)
	s.typ = Type{Form: Struct}
	for i := range s.rtype.NumField() {
		f := s.rtype.Field(i)
		if f.Anonymous {
			return fmt.Errorf("%v cannot travel: give the embedded %s a name", s.rtype, f.Name)
		}
		if !f.IsExported() {
			continue
		}
		part, err := newShape(f.Type, inside)
		if err != nil {
			return fmt.Errorf("field %s: %w", f.Name, err)
		}
		name := game.LowerFirst(f.Name)
		if slices.ContainsFunc(s.fields, func(p partShape) bool { return p.name == name }) {
			return fmt.Errorf("%v cannot travel: two fields would be named %s", s.rtype, name)
		}
		s.fields = append(s.fields, partShape{i, name, part})
		s.typ.Fields = append(s.typ.Fields, Field{name, part.typ})
		s.least += part.least
	}
	return nil
}

// bytesOf are the bytes of a Bin value. An array is copied, since one that
// comes out of an any has no address to slice it by.
func bytesOf(v reflect.Value) []byte {
	if v.Kind() == reflect.Slice {
		return v.Bytes()
	}
	b := make([]byte, v.Len())
	for i := range b {
		b[i] = byte(v.Index(i).Uint())
	}
	return b
}
