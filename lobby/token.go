package lobby

import (
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

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
	id, isID := canonical(c.Subject)
	name, isName := cleanName(c.Name)
	if !isID || !isName {
		return room.Player{}, errors.New("token: names nobody")
	}
	return room.Player{ID: id, Name: name}, nil
}

// canonical is an id as we write it, however it was typed.
func canonical(id string) (string, bool) {
	u, err := uuid.Parse(id)
	return u.String(), err == nil
}
