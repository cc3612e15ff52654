package io.semel.server.network;

import java.util.concurrent.ThreadFactory;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/**
 * How sockets are waited for: by Linux's epoll where the application has put netty's native transport on the class
 * path, by the JDK otherwise. Immutable.
 *
 * <p>The native one is asked for by name, so that nobody needs its jar who does not use it.
 */
record Transport(String name, IoHandlerFactory handlers, Class<? extends ServerChannel> listener) {
    private static final String EPOLL = "io.netty.channel.epoll.Epoll";

    /** From this JDK on, each first use of what netty would rather use prints a warning; netty itself minds the next. */
    private static final int FIRST_TO_WARN = 24;

    static {
        if (Runtime.version().feature() >= FIRST_TO_WARN && System.getProperty("io.netty.noUnsafe") == null) {
            System.setProperty("io.netty.noUnsafe", "true");
        }
    }

    static Transport best() {
        try {
            Class<?> epoll = Class.forName(EPOLL);
            if ((boolean) epoll.getMethod("isAvailable").invoke(null)) {
                IoHandlerFactory handlers = (IoHandlerFactory) Class.forName(EPOLL + "IoHandler").getMethod(
                        "newFactory").invoke(null);
                return new Transport("epoll", handlers, Class.forName(EPOLL + "ServerSocketChannel").asSubclass(
                        ServerChannel.class));
            }
        } catch (ReflectiveOperationException | LinkageError e) {
            // Not there, or not for this machine: the JDK's serves as well.
        }
        return new Transport("nio", NioIoHandler.newFactory(), NioServerSocketChannel.class);
    }

    EventLoopGroup start(int threads, ThreadFactory factory) {
        return new MultiThreadIoEventLoopGroup(threads, factory, handlers);
    }
}
