package io.semel.server.network.hostile;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.apache.kafka.common.protocol.ApiKeys;

import io.semel.server.network.golden.GoldenBytes.Direction;
import io.semel.server.network.golden.GoldenBytes.Golden;

/**
 * Says what no client would say: golden requests with bytes changed, cut short or lengthened, lengths that lie,
 * versions and keys that nobody knows, noise. Every conversation follows from the seed and its number.
 *
 * <p>Thread rule: one thread.
 */
final class HostileClient {
    private static final int MAX_REQUESTS = 6;
    private static final int MAX_CHANGES = 8;
    private static final int MAX_NOISE_BYTES = 300;

    /** Some requests wait by their nature; whoever says nothing for so long is left alone. */
    private static final int LISTENING_MS = 5;

    private final int port;
    private final long seed;
    private final List<Golden> requests;
    private int number;

    /** What is wrong with a request, or nothing. */
    private enum Malice {
        NONE, CHANGED, CUT, LENGTHENED, OTHER_VERSION, UNKNOWN_KEY, NEGATIVE_LENGTH, HUGE_LENGTH, LYING_LENGTH, EMPTY,
        NOISE, SLOW
    }

    HostileClient(int port, long seed, List<Golden> golden) {
        this.port = port;
        this.seed = seed;
        this.requests = golden.stream().filter(each -> each.direction() == Direction.REQUEST).toList();
    }

    /** Connects, sends a few requests, listens for a moment, and closes the connection, now and then by a reset. */
    void converse() throws IOException {
        Random random = new Random(seed + number++);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(LISTENING_MS);
            if (random.nextInt(4) == 0) {
                socket.setSoLinger(true, 0);
            }
            try {
                for (int left = 1 + random.nextInt(MAX_REQUESTS); left > 0; left--) {
                    send(socket, random);
                }
                listen(socket);
            } catch (IOException e) {
                // It closed the connection, or had nothing to say: both are answers to such requests.
                return;
            }
        }
    }

    private static void listen(Socket socket) throws IOException {
        byte[] answer = new byte[1024];
        int read = 0;
        while (read >= 0) {
            read = socket.getInputStream().read(answer);
        }
    }

    private void send(Socket socket, Random random) throws IOException {
        Malice malice = Malice.values()[random.nextInt(Malice.values().length)];
        Golden golden = requests.get(random.nextInt(requests.size()));
        byte[] frame = malicious(golden, malice, random);
        if (malice == Malice.SLOW) {
            for (int index = 0; index < Math.min(frame.length, 40); index++) {
                socket.getOutputStream().write(frame[index]);
            }
        } else {
            socket.getOutputStream().write(frame);
        }
    }

    private static byte[] malicious(Golden golden, Malice malice, Random random) throws IOException {
        byte[] body = golden.bytes();
        return switch (malice) {
            case NONE, SLOW -> frame(golden.key().id, golden.version(), golden, body);
            case CHANGED -> frame(golden.key().id, golden.version(), golden, changed(body, random));
            case CUT -> frame(golden.key().id, golden.version(), golden, Arrays.copyOf(body, random.nextInt(
                    body.length + 1)));
            case LENGTHENED -> frame(golden.key().id, golden.version(), golden, Arrays.copyOf(body, body.length
                    + 1 + random.nextInt(MAX_NOISE_BYTES)));
            case OTHER_VERSION -> frame(golden.key().id, (short) random.nextInt(), golden, body);
            case UNKNOWN_KEY -> frame((short) random.nextInt(), golden.version(), golden, body);
            case NEGATIVE_LENGTH -> lengthAndNoise(-1 - random.nextInt(Integer.MAX_VALUE), random);
            case HUGE_LENGTH -> lengthAndNoise(Integer.MAX_VALUE - random.nextInt(1_000), random);
            case LYING_LENGTH -> lengthAndNoise(random.nextInt(MAX_NOISE_BYTES), random);
            case EMPTY -> new byte[Integer.BYTES];
            case NOISE -> noise(random);
        };
    }

    private static byte[] frame(short key, short version, Golden golden, byte[] body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        boolean isTagged = ApiKeys.forId(golden.key().id).requestHeaderVersion(golden.version()) >= 2;
        out.writeInt(2 + 2 + 4 + 2 + 2 + (isTagged ? 1 : 0) + body.length);
        out.writeShort(key);
        out.writeShort(version);
        out.writeInt(7);
        out.writeUTF("me");
        if (isTagged) {
            out.writeByte(0);
        }
        out.write(body);
        return bytes.toByteArray();
    }

    private static byte[] changed(byte[] body, Random random) {
        byte[] changed = body.clone();
        for (int left = 1 + random.nextInt(MAX_CHANGES); left > 0 && changed.length > 0; left--) {
            int index = random.nextInt(changed.length);
            // Lengths and counts are what hurts most: the least, the largest, the sign.
            changed[index] = switch (random.nextInt(4)) {
                case 0 -> (byte) 0xFF;
                case 1 -> 0x7F;
                case 2 -> 0;
                default -> (byte) random.nextInt();
            };
        }
        return changed;
    }

    private static byte[] lengthAndNoise(int length, Random random) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new DataOutputStream(bytes).writeInt(length);
        bytes.write(noise(random));
        return bytes.toByteArray();
    }

    private static byte[] noise(Random random) {
        byte[] noise = new byte[random.nextInt(MAX_NOISE_BYTES)];
        random.nextBytes(noise);
        return noise;
    }

    @Override
    public String toString() {
        return "behind conversation " + (number - 1);
    }
}
