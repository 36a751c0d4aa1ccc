package lobby

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

//go:embed docs.html
var docsPage string

var docsTemplate = template.Must(template.New("docs").Parse(docsPage))

// docs is the OpenAPI description as a page: made here, so that it needs no
// script and nothing from elsewhere.
func docs(o *huma.OpenAPI) http.Handler {
	render := sync.OnceValue(func() []byte {
		var b bytes.Buffer
		if err := docsTemplate.Execute(&b, readable(o)); err != nil {
			panic("lobby: docs.html: " + err.Error()) // a mistake in the template
		}
		return b.Bytes()
	})
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
		w.Write(render())
	})
}

// docCall is a call as the page shows it.
type docCall struct {
	ID, Method, Path, Summary string
	Own                       bool
	Params                    []docField
	Body                      []docField
	Answers                   []docAnswer
}

type docField struct {
	Name, Type, Text string
	Needed           bool
}

type docAnswer struct {
	Status, Text string
	Fields       []docField
}

// readable turns the description into what the page shows, by path.
func readable(o *huma.OpenAPI) []docCall {
	var calls []docCall
	paths := make([]string, 0, len(o.Paths))
	for p := range o.Paths {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	for _, path := range paths {
		item := o.Paths[path]
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Delete} {
			if op != nil {
				calls = append(calls, readableCall(o, op))
			}
		}
	}
	return calls
}

func readableCall(o *huma.OpenAPI, op *huma.Operation) docCall {
	c := docCall{ID: op.OperationID, Method: op.Method, Path: op.Path, Summary: op.Summary, Own: len(op.Security) > 0}
	for _, p := range op.Parameters {
		c.Params = append(c.Params, docField{p.Name + " (" + p.In + ")", typeName(o, p.Schema), p.Schema.Description, p.Required})
	}
	if op.RequestBody != nil {
		c.Body = fields(o, op.RequestBody.Content["application/json"])
	}
	for status, r := range op.Responses {
		c.Answers = append(c.Answers, docAnswer{status, r.Description, fields(o, r.Content["application/json"])})
	}
	slices.SortFunc(c.Answers, func(a, b docAnswer) int { return strings.Compare(a.Status, b.Status) })
	return c
}

func fields(o *huma.OpenAPI, m *huma.MediaType) []docField {
	if m == nil || m.Schema == nil {
		return nil
	}
	s := resolve(o, m.Schema)
	var out []docField
	for name, p := range s.Properties {
		out = append(out, docField{name, typeName(o, p), p.Description, slices.Contains(s.Required, name)})
	}
	slices.SortFunc(out, func(a, b docField) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func resolve(o *huma.OpenAPI, s *huma.Schema) *huma.Schema {
	if s.Ref != "" {
		return o.Components.Schemas.SchemaFromRef(s.Ref)
	}
	return s
}

// typeName is a schema in a few words: "array of {id, name}".
func typeName(o *huma.OpenAPI, s *huma.Schema) string {
	s = resolve(o, s)
	switch {
	case s.Type == huma.TypeArray && s.Items != nil:
		return "array of " + typeName(o, s.Items)
	case s.Type == huma.TypeObject && len(s.Properties) > 0:
		names := make([]string, 0, len(s.Properties))
		for name := range s.Properties {
			names = append(names, name)
		}
		slices.Sort(names)
		return "{" + strings.Join(names, ", ") + "}"
	case s.Format != "":
		return s.Type + " (" + s.Format + ")"
	case s.Type == "":
		return "any"
	}
	return s.Type
}
