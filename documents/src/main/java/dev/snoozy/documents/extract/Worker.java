package dev.snoozy.documents.extract;

import dev.snoozy.documents.extract.ExtractionException.Reason;

import org.jspecify.annotations.Nullable;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The process that reads files for the program. It asks for nothing from the network, runs nothing
 * that a file says, and ends as soon as the program does.
 */
final class Worker {
    private static final Set<String> NETWORK = Set.of("http", "https", "ftp", "mailto", "jmod");

    private record Request(String path, int characters) {}

    private Worker() {}

    /** Answers requests from standard input on standard output, until the first ends. */
    public static void main(String[] args) throws IOException {
        DataOutputStream out =
                new DataOutputStream(
                        new BufferedOutputStream(
                                new FileOutputStream(FileDescriptor.out), 1 << 16));
        System.setOut(System.err); // what libraries print must not get among the answers
        URL.setURLStreamHandlerFactory(Worker::handler);
        DocumentReader reader = new DocumentReader();
        LinkedBlockingQueue<Request> requests = new LinkedBlockingQueue<>();
        Thread.ofPlatform().daemon().name("requests").start(() -> listen(requests));
        out.writeInt(Wire.READY);
        out.flush();
        while (true) {
            Request request;
            try {
                request = requests.take();
            } catch (InterruptedException e) {
                return;
            }
            answer(reader, request, out);
        }
    }

    private static void answer(DocumentReader reader, Request request, DataOutputStream out)
            throws IOException {
        ExtractedDocument document;
        try {
            document = reader.read(Path.of(request.path()), request.characters());
        } catch (ExtractionException e) {
            Wire.write(out, e);
            return;
        } catch (LinkageError e) {
            Wire.write(
                    out,
                    new ExtractionException(
                            Reason.SYSTEM, "a part of the program is missing: " + e.getMessage()));
            return;
        }
        Wire.write(out, document);
    }

    /** Takes requests; the end of the input is the end of the program, also amid a long file. */
    private static void listen(LinkedBlockingQueue<Request> requests) {
        DataInputStream in = new DataInputStream(System.in);
        try {
            while (true) {
                requests.add(new Request(Wire.readText(in, 1 << 16), in.readInt()));
            }
        } catch (EOFException e) {
            Runtime.getRuntime().halt(0);
        } catch (IOException e) {
            Runtime.getRuntime().halt(1);
        }
    }

    private static @Nullable URLStreamHandler handler(String protocol) {
        return NETWORK.contains(protocol) ? new Refusing() : null;
    }

    /** What a file says is elsewhere stays there. */
    private static final class Refusing extends URLStreamHandler {
        @Override
        protected URLConnection openConnection(URL url) throws IOException {
            throw new IOException("documents have no network");
        }
    }
}
