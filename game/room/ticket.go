package room

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"

	"github.com/google/uuid"
)

// A ticket is the right to one membership of one room:
//
//	room id, 16 bytes | membership, 4 bytes | seal, 16 bytes      in base64url
//
// The seal is an HMAC-SHA256, cut to 16 bytes, of what stands before it under
// the room's key. So nothing about tickets has to be kept but the key, asking
// again gives the same ticket, and a membership that ended ends its ticket.
const (
	ticketBody = 16 + 4
	ticketSeal = 16
)

// SealTicket makes the ticket of a membership.
func SealTicket(key []byte, room uuid.UUID, membership uint32) string {
	b := make([]byte, 0, ticketBody+ticketSeal)
	b = append(b, room[:]...)
	b = binary.BigEndian.AppendUint32(b, membership)
	b = append(b, seal(key, b)...)
	return base64.RawURLEncoding.EncodeToString(b)
}

// OpenTicket gives the membership a ticket is for, if this key sealed it.
func OpenTicket(key []byte, ticket string) (membership uint32, ok bool) {
	b, ok := ticketBytes(ticket)
	if !ok || !hmac.Equal(b[ticketBody:], seal(key, b[:ticketBody])) {
		return 0, false
	}
	return binary.BigEndian.Uint32(b[16:]), true
}

// TicketRoom reads which room a ticket claims to be for. Only that room can
// tell whether it is true.
func TicketRoom(ticket string) (id string, ok bool) {
	b, ok := ticketBytes(ticket)
	if !ok {
		return "", false
	}
	return uuid.UUID(b[:16]).String(), true
}

func ticketBytes(ticket string) ([]byte, bool) {
	b, err := base64.RawURLEncoding.DecodeString(ticket)
	return b, err == nil && len(b) == ticketBody+ticketSeal
}

func seal(key, body []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(body)
	return mac.Sum(nil)[:ticketSeal]
}

func parseID(id string) (uuid.UUID, error) {
	u, err := uuid.Parse(id)
	if err != nil {
		return u, fmt.Errorf("room id %q: %w", id, err)
	}
	return u, nil
}
