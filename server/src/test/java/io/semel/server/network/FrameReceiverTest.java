package io.semel.server.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CorruptedFrameException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Frames come out as they were sent, however the bytes were cut, and no buffer is left behind. */
class FrameReceiverTest {
    private static final int MAX_FRAME_BYTES = 1 << 20;
    private static final int USUAL_READ_BYTES = 512;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    private FrameReceiver receiver;
    private EmbeddedChannel channel;

    @BeforeEach
    @BeforeTry
    void connect() {
        receiver = new FrameReceiver(MAX_FRAME_BYTES);
        channel = new EmbeddedChannel(receiver);
        channel.config().setAllocator(allocator);
    }

    @AfterEach
    @AfterTry
    void nothingIsLeft() {
        channel.finishAndReleaseAll();
        assertEquals(0, usedBytes());
    }

    private long usedBytes() {
        return allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
    }

    @Property(tries = 300)
    void framesThatASocketBringsAreThoseThatWereSent(@ForAll long seed) {
        Random random = new Random(seed);
        List<byte[]> sent = frames(random);
        ByteBuf stream = stream(sent);
        try {
            readAsSocket(stream, room -> 1 + random.nextInt(random.nextInt(8) == 0 ? room : Math.min(room, 100)));
            assertSent(sent);
        } finally {
            stream.release();
        }
    }

    @Property(tries = 300)
    void framesThatAnotherHandlerBringsAreThoseThatWereSent(@ForAll long seed) {
        Random random = new Random(seed);
        List<byte[]> sent = frames(random);
        ByteBuf stream = stream(sent);
        try {
            while (stream.isReadable()) {
                int count = 1 + random.nextInt(Math.min(stream.readableBytes(), random.nextInt(8) == 0
                        ? 100_000
                        : 100));
                channel.writeInbound(stream.readBytes(count));
            }
            assertSent(sent);
        } finally {
            stream.release();
        }
    }

    private static List<byte[]> frames(Random random) {
        List<byte[]> frames = new ArrayList<>();
        for (int left = random.nextInt(12); left >= 0; left--) {
            byte[] frame = new byte[random.nextInt(switch (random.nextInt(4)) {
                case 0 -> 1;
                case 1 -> 50;
                case 2 -> 6_000;
                default -> 300_000;
            } + 1)];
            random.nextBytes(frame);
            frames.add(frame);
        }
        return frames;
    }

    private static ByteBuf stream(List<byte[]> frames) {
        ByteBuf stream = Unpooled.buffer();
        frames.forEach(frame -> stream.writeInt(frame.length).writeBytes(frame));
        return stream;
    }

    /** As netty reads: into the room that the receiver gives, and as much as has come. */
    private void readAsSocket(ByteBuf stream, IntUnaryOperator howMuch) {
        while (stream.isReadable()) {
            ByteBuf room = receiver.room(allocator, USUAL_READ_BYTES);
            assertTrue(room.isWritable(), "no room");
            room.writeBytes(stream, Math.min(stream.readableBytes(), howMuch.applyAsInt(room.writableBytes())));
            channel.writeInbound(room);
        }
    }

    private void assertSent(List<byte[]> sent) {
        for (byte[] each : sent) {
            ByteBuf received = channel.readInbound();
            assertEquals(each.length, received.readableBytes());
            assertTrue(ByteBufUtil.equals(Unpooled.wrappedBuffer(each), received));
            received.release();
        }
        assertNull(channel.readInbound());
    }

    @Test
    void theRestOfALargeFrameIsReadWhereItStays() {
        ByteBuf stream = stream(List.of(new byte[50_000], new byte[50_000]));
        ByteBuf first = receiver.room(allocator, USUAL_READ_BYTES);
        channel.writeInbound(first.writeBytes(stream, USUAL_READ_BYTES));
        ByteBuf rest = receiver.room(allocator, USUAL_READ_BYTES);
        channel.writeInbound(rest.writeBytes(stream, 50_000 - USUAL_READ_BYTES + Integer.BYTES));
        assertSame(rest, channel.readInbound());
        rest.release();

        ByteBuf length = receiver.room(allocator, USUAL_READ_BYTES);
        assertEquals(Integer.BYTES, length.writableBytes(), "of the next only the length");
        channel.writeInbound(length.writeBytes(stream, Integer.BYTES));
        ByteBuf whole = receiver.room(allocator, USUAL_READ_BYTES);
        assertEquals(0, whole.readableBytes(), "nothing of it was read elsewhere");
        assertEquals(50_000, whole.writableBytes());
        channel.writeInbound(whole.writeBytes(stream, 50_000));
        assertSame(whole, channel.readInbound());
        whole.release();
        stream.release();
    }

    @Test
    void aLengthThatIsAnnouncedCostsLittleBeforeItsBytesCome() {
        channel.writeInbound(Unpooled.buffer().writeInt(MAX_FRAME_BYTES));
        ByteBuf head = receiver.room(allocator, USUAL_READ_BYTES);
        channel.writeInbound(head);
        long came = 0;
        while (came < MAX_FRAME_BYTES / 2) {
            assertTrue(usedBytes() <= Math.max(FrameReceiver.FIRST_ROOM, FrameReceiver.GROWTH * came), "of " + came
                    + " bytes " + usedBytes());
            ByteBuf room = receiver.room(allocator, USUAL_READ_BYTES);
            int step = Math.min(1000, room.writableBytes());
            channel.writeInbound(room.writeZero(step));
            came += step;
        }
    }

    @Test
    void aLengthThatCannotBeIsToldOnceAndNothingBehindItIsRead() {
        for (int length : new int[] {-1, Integer.MIN_VALUE, MAX_FRAME_BYTES + 1, 0x47455420}) {
            EmbeddedChannel each = new EmbeddedChannel(new FrameReceiver(MAX_FRAME_BYTES));
            ByteBuf stream = Unpooled.buffer().writeInt(0).writeInt(length).writeInt(1).writeByte(7);
            CorruptedFrameException refusal = assertThrows(CorruptedFrameException.class, () -> each.writeInbound(
                    stream));
            assertTrue(refusal.getMessage().contains("a frame of " + length + " bytes"), refusal.getMessage());
            assertTrue(refusal.getMessage().contains("socket.request.max.bytes"), refusal.getMessage());
            ByteBuf before = each.readInbound();
            assertEquals(0, before.readableBytes());
            before.release();
            each.writeInbound(Unpooled.buffer().writeInt(0));
            assertNull(each.readInbound());
            each.finishAndReleaseAll();
        }
    }

    @Test
    void halfAFrameIsGivenBackWhenTheConnectionEnds() {
        channel.writeInbound(allocator.buffer().writeInt(100).writeByte(1));
        assertTrue(usedBytes() > 0);
        channel.close();
        assertEquals(0, usedBytes());
    }
}
