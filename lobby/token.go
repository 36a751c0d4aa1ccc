package lobby

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/golang-jwt/jwt/v5"

	"tickroom/game/room"
)

// tokens say who a player is: a JWT, HMAC-SHA256, with id and name.
type tokens struct{ key []byte }

const audience = "tickroom"

type claims struct {
	jwt.RegisteredClaims
	Name string `json:"name"`
}

func (t tokens) issue(p room.Player, now time.Time) (string, error) {
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Subject:   p.ID,
			Audience:  jwt.ClaimStrings{audience},
			IssuedAt:  jwt.NewNumericDate(now),
			ExpiresAt: jwt.NewNumericDate(now.Add(tokenLife)),
		},
		Name: p.Name,
	})
	signed, err := token.SignedString(t.key)
	if err != nil {
		return "", fmt.Errorf("token: %w", err)
	}
	return signed, nil
}

func (t tokens) read(token string) (room.Player, error) {
	var c claims
	_, err := jwt.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return t.key, nil },
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithAudience(audience), jwt.WithExpirationRequired())
	if err != nil {
		return room.Player{}, fmt.Errorf("token: %w", err)
	}
	name, ok := cleanName(c.Name)
	if c.Subject == "" || !ok {
		return room.Player{}, fmt.Errorf("token: names nobody")
	}
	return room.Player{ID: c.Subject, Name: name}, nil
}

// cleanName is a name as it is shown: spaces made single, 1 to maxName
// characters, nothing that is invisible or turns text around.
func cleanName(name string) (string, bool) {
	name = strings.Join(strings.Fields(name), " ")
	if n := utf8.RuneCountInString(name); n < 1 || n > maxName || !utf8.ValidString(name) {
		return "", false
	}
	for _, r := range name {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r) || r == utf8.RuneError {
			return "", false
		}
	}
	return name, true
}
