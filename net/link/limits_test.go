package link_test

import (
	"strings"
	"testing"
	"time"

	"tickroom/net/wire"
)

func TestWhoReadsNothingButPingsIsSlow(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		for range 1 + 64 { // one is on its way
			s.says(wire.Ping{})
		}
		s.heardNothing("so many may wait")
		s.says(wire.Ping{})
		s.heard("gone", "one more does not")
		for range 1 + 64 {
			s.reads(wire.Pong{Tick: 42, Micros: 1500}, "those that were answered")
		}
		s.readsBye(wire.CloseSlow, "pongs are bounded as all queues are")
	})
}

func TestASlowReaderCostsOnlyItself(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.says(wire.Ack{Seen: 1})
		big := frame(t, wire.Chat{Text: strings.Repeat("x", 64<<10)})
		for range 3 { // four would fill 256 KiB but for their heads
			s.room.link().Send(big)
		}
		s.heardNothing("the queue is not full yet")
		s.room.link().Send(big)
		s.heard("gone", "the fourth did not fit: the seat is held for a client that comes back")
		s.room.link().Send(big) // nothing: the room may not know yet
		s.conn.take()
		s.port.Sent()
		s.readsBye(wire.CloseSlow, "what was queued is given up; why is told")
		if frames, bytes := s.room.link().Kept(); frames+bytes != 0 {
			t.Errorf("%d frames of %d bytes are kept; who is behind costs nothing", frames, bytes)
		}
	})
}

func TestManySmallFramesFillTheQueueToo(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.says(wire.Ack{Seen: 1})
		small := frame(t, wire.Reply{})
		for range wire.MaxQueueFrames {
			s.room.link().Send(small)
		}
		s.heardNothing("a full queue")
		s.room.link().Send(small)
		s.heard("gone", "one more does not fit: the count is bounded as the bytes are")
	})
}

func TestAFrameLargerThanTheQueueGoesAlone(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.says(wire.Ack{Seen: 1})
		huge := wire.Chat{Text: strings.Repeat("x", wire.MaxQueue)}
		s.room.link().Send(frame(t, huge))
		s.reads(huge, "a large frame in an empty queue is not a slow reader")
	})
}

func TestAcknowledgingMakesRoom(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		for seen := uint32(1); seen < 5*wire.MaxQueueFrames; seen++ {
			s.sends(seen)
			s.readsReplies("it arrives", seen)
			if (seen+1)%wire.AckFrames == 0 {
				s.says(wire.Ack{Seen: seen + 1})
				s.wait(time.Second / 30)
			}
		}
		s.says(wire.Ack{Seen: 1})
		s.heardNothing("who acknowledges is never behind; an older word that comes late is nothing")
		s.says(wire.Ack{Seen: 5*wire.MaxQueueFrames + 1})
		s.heard("gone", "so much was never sent")
		s.readsBye(wire.CloseProtocol, "a client that cannot count would lose messages and not know")
	})
}

func TestSilenceIsDeathAndAnyTrafficIsLife(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		for range 5 {
			s.wait(wire.DeadAfter - time.Millisecond)
			s.says(wire.Input{Tick: 1, Data: aim{}})
			s.heard("input 1 {X:0}", "any traffic counts as alive, not only pings")
		}
		s.wait(wire.DeadAfter - time.Millisecond)
		s.readsNothing("not silent for long enough")
		s.wait(time.Millisecond)
		s.heard("gone", "12 s of silence: the seat is held")
		s.readsBye(wire.CloseDead, "should it still listen, it may come back")
	})
}

func TestAFloodIsSlowedThenCut(t *testing.T) {
	input := wire.Input{Tick: 1, Data: aim{}}
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		began := time.Now()
		for range wire.FrameBurst - 1 { // hello was one
			s.says(input)
		}
		if late := time.Since(began); late != 0 {
			t.Errorf("a burst after a stall took %s; it is let through at once", late)
		}
		for range wire.MaxFrameRate {
			s.says(input)
		}
		if late := time.Since(began).Round(10 * time.Millisecond); late != time.Second {
			t.Errorf("a second of frames above the burst took %s; the rate is what is read", late)
		}
		s.closedWith(0, "a client that is slowed may be one whose network stalled")
		for range 5 * wire.MaxFrameRate {
			s.says(input)
		}
		s.readsBye(wire.CloseFlood, "5 s without a rest are no stall")
	})
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		for range 4 {
			for range wire.FrameBurst + 3*wire.MaxFrameRate {
				s.says(input)
			}
			s.wait(2 * time.Second)
		}
		s.closedWith(0, "who rests begins anew")
	})
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		for range 10 * wire.MaxFrameRate {
			s.wait(time.Second/wire.MaxFrameRate + time.Microsecond)
			s.says(input)
		}
		s.closedWith(0, "the rate itself may be kept up for ever")
	})
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		long := frame(t, wire.Say{N: 1, Text: strings.Repeat("x", 8000)})
		began := time.Now()
		for sent := 0; sent < wire.ByteBurst+wire.MaxByteRate; sent += len(long) {
			time.Sleep(s.port.Received(long))
		}
		if late := time.Since(began).Round(time.Second); late != time.Second {
			t.Errorf("a second of bytes above the burst took %s; bytes are bounded as frames are", late)
		}
	})
}

func TestAFrameAboveTheLimitIsRefusedNotWaitedFor(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.port.Received(make([]byte, 2*wire.ByteBurst))
		s.heard("gone", "no transport should have read it")
		s.readsBye(wire.CloseTooLarge, "a frame that no budget will ever have room for must not wait for it")
	})
}

func TestChatIsOneLineAndNoLongerThanShowsThatItIsTooLong(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.says(wire.Say{N: 1, Text: strings.Repeat("ü", wire.MaxChat)})
		s.heard("say 1 \""+strings.Repeat("ü", wire.MaxChat)+"\"", "characters are counted, not bytes")
		s.says(wire.Say{N: 2, Text: strings.Repeat("x", wire.MaxChat+100)})
		s.heard("say 2 \""+strings.Repeat("x", wire.MaxChat+1)+"\"", "the room refuses it: all that must arrive comes from there")
		s.says(wire.Say{N: 3, Text: "hi\nthere"})
		s.heard(`say 3 "hi there"`, "a line is a line")
	})
}

func TestAFullMailboxClosesAsBusyAndTakesNothing(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.room.busy = true
		s.says(wire.Command{N: 1, Data: aim{}})
		s.room.takeHeard()
		s.readsBye(wire.CloseBusy, "the room did not take it; the client may come back")
		s.room.busy = false
		s.comes(1)
		s.readsLinked(wire.Linked{Resumed: true, Received: 0}, "what the room did not take has not arrived")
		s.heard("back", "it is carried again")
		s.says(wire.Command{N: 1, Data: aim{}})
		s.heard("command 1 {X:0}", "so it is sent again, and done")
	})
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.room.busy = true
		s.says(wire.Input{Tick: 1, Data: aim{}})
		s.readsBye(wire.CloseBusy, "a member whose inputs pile up too")
	})
}
