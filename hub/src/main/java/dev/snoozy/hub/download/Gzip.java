package dev.snoozy.hub.download;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Unpacks what a server has packed although it was asked not to. */
final class Gzip {
    private Gzip() {}

    /** The same answer with its body as it is. */
    static Reply<byte[]> unpacked(Reply<byte[]> reply, int most) throws IOException {
        if (!reply.isEncoded()) {
            return reply;
        }
        if (!reply.header("Content-Encoding").orElse("").equalsIgnoreCase("gzip")) {
            throw new DownloadException(
                    reply.uri().getHost() + " answered in an encoding that it was not asked for");
        }
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(reply.body()))) {
            byte[] body = in.readNBytes(most + 1);
            if (body.length > most) {
                throw new DownloadException(
                        reply.uri().getHost() + " answered with more than " + most + " bytes");
            }
            return new Reply<>(
                    reply.uri(), reply.status(), reply.headers(), body, reply.isElsewhere());
        }
    }
}
