// Package origin says which web pages may use the server. The check protects
// people in browsers: a page of another site must not play in their name. It
// stops no program, which could send any header; so a request without an Origin
// is let in.
package origin

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// List is the web sites whose pages may come, beside our own:
// "https://play.example.com". "*" stands for all.
type List []string

// Allows says whether the page that asks may: one of our own, of a site on the
// list, or no page at all.
func (l List) Allows(r *http.Request) bool {
	from := r.Header.Get("Origin")
	if from == "" {
		return true
	}
	u, err := url.Parse(from)
	if err != nil {
		return false
	}
	if strings.EqualFold(u.Host, r.Host) {
		return true
	}
	return slices.ContainsFunc(l, func(o string) bool {
		return o == "*" || strings.EqualFold(o, from)
	})
}
