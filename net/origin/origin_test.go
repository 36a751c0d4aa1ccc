package origin_test

import (
	"net/http/httptest"
	"testing"

	"tickroom/net/origin"
)

func TestWhichPagesMayCome(t *testing.T) {
	list := origin.List{"https://friend.example"}
	for _, c := range []struct {
		why  string
		list origin.List
		from string
		want bool
	}{
		{"a program sends no origin", list, "", true},
		{"our own page", list, "https://play.test", true},
		{"our own page, through a proxy that speaks TLS", nil, "https://PLAY.test", true},
		{"a page of the list", list, "https://Friend.example", true},
		{"all are meant", origin.List{"*"}, "https://anybody.example", true},
		{"a page of no site, and all are meant", origin.List{"*"}, "null", true},
		{"a foreign page", list, "https://evil.example", false},
		{"nobody is on the list", nil, "https://friend.example", false},
		{"the list's host by another scheme", list, "http://friend.example", false},
		{"the list's host at another port", list, "https://friend.example:8443", false},
		{"ours within another name", list, "https://play.test.evil.example", false},
		{"a page without an origin to name", list, "null", false},
		{"no URL", list, "https://[", false},
	} {
		r := httptest.NewRequest("POST", "http://play.test/v1/play", nil)
		if c.from != "" {
			r.Header.Set("Origin", c.from)
		}
		if got := c.list.Allows(r); got != c.want {
			t.Errorf("%q: allowed %t, want %t: %s", c.from, got, c.want, c.why)
		}
	}
}
