package wire

import (
	"fmt"
	"reflect"
)

// Plain gives a game's value as maps, slices and numbers with the names that
// the schema has, for JSON. Bytes stay bytes. It panics on a type that cannot
// travel, since SchemaOf has refused that game.
func Plain(v any) any {
	if v == nil {
		return nil
	}
	s, err := shapeOf(reflect.TypeOf(v))
	if err != nil {
		panic(fmt.Sprintf("wire: %v", err))
	}
	return plain(s, reflect.ValueOf(v))
}

func plain(s *shape, v reflect.Value) any {
	switch s.typ.Form {
	case Bool:
		return v.Bool()
	case Int:
		return v.Int()
	case Uint:
		return v.Uint()
	case Str:
		return v.String()
	case Bin:
		return append([]byte{}, bytesOf(v)...)
	case List:
		list := make([]any, v.Len())
		for i := range list {
			list[i] = plain(s.elem, v.Index(i))
		}
		return list
	case Opt:
		if v.IsNil() {
			return nil
		}
		return plain(s.elem, v.Elem())
	}
	m := make(map[string]any, len(s.fields))
	for _, f := range s.fields {
		m[f.name] = plain(f.shape, v.Field(f.index))
	}
	return m
}
