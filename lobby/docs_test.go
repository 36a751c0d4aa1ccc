package lobby_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// described is what is looked at of the OpenAPI description.
type described struct {
	OpenAPI    string
	Info       struct{ Title, Version string }
	Paths      map[string]map[string]describedCall
	Components struct {
		Schemas         map[string]map[string]any
		SecuritySchemes map[string]any
	}
}

type describedCall struct {
	OperationID string
	Summary     string
	Security    []map[string][]string
	RequestBody *struct{ Required bool }
	Responses   map[string]struct {
		Description string
		Content     map[string]any
	}
}

// TestEveryCallSaysHowItMayBeRefused holds the description against the contract:
// each call with its statuses and, of refusals, their codes.
func TestEveryCallSaysHowItMayBeRefused(t *testing.T) {
	everyCall := []string{"401: bad-token", "429: too-many", "500: internal"}
	own := []string{"401: bad-token, no-token", "429: too-many", "500: internal"}
	body := []string{"400: malformed", "408: timeout", "413: too-large", "415: media-type", "422: invalid"}
	want := map[string][]string{
		"POST /v1/players":     slices.Concat(everyCall, body, []string{"201", "503: no-store"}),
		"GET /v1/players/me":   slices.Concat(own, []string{"200"}),
		"GET /v1/games":        slices.Concat(everyCall, []string{"200"}),
		"POST /v1/rooms":       slices.Concat(own, body, []string{"201", "404: no-game", "409: too-many-rooms", "503: draining, busy, no-store, no-server"}),
		"GET /v1/rooms":        slices.Concat(everyCall, []string{"200", "422: invalid", "503: no-store"}),
		"GET /v1/rooms/events": slices.Concat(everyCall, []string{"200", "503: draining, busy"}),
		"GET /v1/rooms/{id}":   slices.Concat(everyCall, []string{"200", "403: private", "404: no-room", "410: gone", "503: no-store, no-server"}),
		"POST /v1/rooms/{id}/seats": slices.Concat(own, body, []string{"201", "403: private", "404: no-room",
			"409: full, locked, delayed", "410: gone, over", "503: draining, busy, no-store, no-server"}),
		"POST /v1/codes/{code}/seats": slices.Concat(own, body, []string{"201", "404: no-code",
			"409: full, locked, delayed", "410: gone, over", "503: draining, busy, no-store, no-server"}),
		"POST /v1/games/{game}/seats": slices.Concat(own, body, []string{"201", "404: no-game", "409: too-many-rooms", "503: draining, busy, no-store, no-server"}),
		"POST /v1/rooms/{id}/again": slices.Concat(own, []string{"201", "403: private", "404: no-room",
			"409: full, locked, too-many-rooms, still-open", "410: gone", "503: draining, busy, no-store, no-server"}),
		"DELETE /v1/rooms/{id}/seats/me": slices.Concat(own, []string{"204", "404: no-room, no-seat", "410: gone", "503: busy, no-store, no-server"}),
		"GET /v1/matches":                slices.Concat(everyCall, []string{"200", "422: invalid", "503: no-store"}),
		"GET /v1/matches/{id}":           slices.Concat(everyCall, []string{"200", "403: not-yours", "404: no-match", "503: no-store"}),
		"POST /v1/matches/{id}/replay": slices.Concat(own, body, []string{"201", "403: private, not-yours", "404: no-match", "409: other-rules", "410: no-log",
			"503: draining, busy, no-store, no-server"}),
		"GET /v1/matches/{id}/log": slices.Concat(everyCall, []string{"200", "403: not-yours", "404: no-match", "410: no-log", "503: busy, no-store"}),
	}
	tell(t, func(w *world) {
		d := read[described](w.call("GET", "/openapi.json", "", "").ok(200, "the description is for all"))
		got := map[string][]string{}
		for path, calls := range d.Paths {
			for method, c := range calls {
				call := strings.ToUpper(method) + " " + path
				for status, r := range c.Responses {
					if r.Content["application/problem+json"] == nil {
						got[call] = append(got[call], status)
						continue
					}
					_, codes, _ := strings.Cut(r.Description, ": ")
					got[call] = append(got[call], status+": "+codes)
				}
			}
		}
		for _, all := range []map[string][]string{got, want} {
			for _, statuses := range all {
				slices.Sort(statuses)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("calls and their answers (-want +got):\n%s", diff)
		}
	})
}

func TestTheDescriptionIsWhole(t *testing.T) {
	tell(t, func(w *world) {
		a := w.call("GET", "/openapi.json", "", "").ok(200, "the description is for all")
		d := read[described](a)
		if !strings.HasPrefix(d.OpenAPI, "3.1.") || d.Info.Title == "" || d.Info.Version == "" {
			t.Errorf("openapi %q, info %+v: want a titled description in version 3.1", d.OpenAPI, d.Info)
		}
		seen := map[string]bool{}
		for path, calls := range d.Paths {
			for method, c := range calls {
				if c.OperationID == "" || c.Summary == "" || seen[c.OperationID] {
					t.Errorf("%s %s: id %q, summary %q: want both, and the id once", method, path, c.OperationID, c.Summary)
				}
				seen[c.OperationID] = true
				for _, s := range c.Security {
					for name := range s {
						if d.Components.SecuritySchemes[name] == nil {
							t.Errorf("%s %s: no security scheme %q", method, path, name)
						}
					}
				}
				if optional := strings.HasSuffix(path, "/seats") || strings.HasSuffix(path, "/replay"); c.RequestBody != nil && c.RequestBody.Required == optional {
					t.Errorf("%s %s: body required %v, want it so where something in it is needed", method, path, c.RequestBody.Required)
				}
			}
		}
		for _, ref := range regexp.MustCompile(`"\$ref":\s*"([^"]*)"`).FindAllStringSubmatch(a.body, -1) {
			name, ours := strings.CutPrefix(ref[1], "#/components/schemas/")
			if !ours || d.Components.Schemas[name] == nil {
				t.Errorf("reference to %q, which is not there", ref[1])
			}
		}
		var any map[string]any
		if err := json.Unmarshal([]byte(a.body), &any); err != nil || any["webhooks"] != nil {
			t.Errorf("description: %v", err)
		}
	})
}

// TestTheDocsNeedNothingFromElsewhere and show every call.
func TestTheDocsNeedNothingFromElsewhere(t *testing.T) {
	tell(t, func(w *world) {
		a := w.call("GET", "/docs", "", "").ok(200, "the docs are for all")
		equal(t, a.header.Get("Content-Type"), "text/html; charset=utf-8", "it is a page")
		equal(t, strings.Contains(a.header.Get("Content-Security-Policy"), "default-src 'none'"), true, "a browser would load nothing anyway")
		elsewhere := regexp.MustCompile(`(?i)(src|href|action|data)\s*=\s*["']?(https?:)?//|@import|url\(|<script|<link|<iframe|<img`)
		if found := elsewhere.FindString(a.body); found != "" {
			t.Errorf("the page has %q: it must load nothing", found)
		}
		d := read[described](w.call("GET", "/openapi.json", "", "").ok(200, "the description"))
		for path, calls := range d.Paths {
			for method, c := range calls {
				heading := `<b class="` + strings.ToUpper(method) + `">` + strings.ToUpper(method) + `</b> ` + path
				for _, want := range []string{heading, c.Summary, "409 Conflict: full, locked"} {
					if !strings.Contains(a.body, want) {
						t.Errorf("the page lacks %q of %s", want, c.OperationID)
					}
				}
			}
		}
	})
}
