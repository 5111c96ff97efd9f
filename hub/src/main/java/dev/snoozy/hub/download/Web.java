package dev.snoozy.hub.download;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * HTTP as downloads need it: redirects are followed by hand and checked, a token goes to the site
 * that it is for and to no other, and nothing is taken without a limit. Thread-safe.
 *
 * <p>Headers of answers are bounded by the client of the JDK ({@code jdk.http.maxHeaderSize}).
 */
public final class Web implements AutoCloseable {
    private static final int MOST_REDIRECTS = 8;
    private static final String AGENT = "snoozy";
    private static final String TUNNELING = "jdk.http.auth.tunneling.disabledSchemes";

    private final HttpClient client;
    private final AddressRules rules;
    private final Map<Site, String> tokens;
    private final Limits limits;

    /**
     * A client.
     *
     * @param configured sites that may be asked in clear
     * @param tokens by the site that each is for
     */
    public Web(
            List<URI> configured,
            Map<Site, String> tokens,
            @Nullable URI proxy,
            List<String> noProxy,
            Limits limits) {
        this(
                new AddressRules(
                        Sites.of(configured), host -> java.net.InetAddress.getAllByName(host)),
                tokens,
                proxy,
                noProxy,
                limits);
    }

    Web(
            AddressRules rules,
            Map<Site, String> tokens,
            @Nullable URI proxy,
            List<String> noProxy,
            Limits limits) {
        this.rules = rules;
        this.tokens = Map.copyOf(tokens);
        this.limits = limits;
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .connectTimeout(limits.connect())
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .proxy(
                                proxy == null
                                        ? HttpClient.Builder.NO_PROXY
                                        : new ProxyRules(proxy, noProxy));
        if (proxy != null && proxy.getUserInfo() != null) {
            // The JDK shows a proxy for https no password unless told to, before its first use.
            if (System.getProperty(TUNNELING) == null) {
                System.setProperty(TUNNELING, "");
            }
            builder.authenticator(new ProxyPassword(proxy.getUserInfo()));
        }
        client = builder.build();
    }

    private static final class Sites {
        static java.util.Set<Site> of(List<URI> uris) {
            return java.util.Set.copyOf(uris.stream().map(Site::of).distinct().toList());
        }
    }

    private static final class ProxyPassword extends Authenticator {
        private final String user;
        private final String password;

        ProxyPassword(String userInfo) {
            int colon = userInfo.indexOf(':');
            user = colon < 0 ? userInfo : userInfo.substring(0, colon);
            password = colon < 0 ? "" : userInfo.substring(colon + 1);
        }

        @Override
        protected @Nullable PasswordAuthentication getPasswordAuthentication() {
            return getRequestorType() == RequestorType.PROXY
                    ? new PasswordAuthentication(user, password.toCharArray())
                    : null;
        }
    }

    /** Patience and greed. */
    public Limits limits() {
        return limits;
    }

    /**
     * A small answer as a whole; transient failures are tried again.
     *
     * @param most bytes of it
     * @throws StatusException if the answer is not 200
     * @throws DownloadException if it cannot be had
     */
    public Reply<byte[]> read(URI uri, Map<String, String> headers, int most)
            throws InterruptedException {
        return read(uri, headers, most, limits);
    }

    /** The same with other patience. */
    public Reply<byte[]> read(URI uri, Map<String, String> headers, int most, Limits patience)
            throws InterruptedException {
        Backoff backoff = new Backoff(patience);
        while (true) {
            Duration wait;
            DownloadException failure;
            try {
                Reply<byte[]> reply =
                        follow(
                                uri,
                                headers,
                                HttpClient.Version.HTTP_2,
                                BodyHandlers.limiting(BodyHandlers.ofByteArray(), most));
                if (reply.status() == 200 || reply.status() == 206) {
                    return Gzip.unpacked(reply, most);
                }
                failure = reply.problem();
                if (!Backoff.isTransient(reply)) {
                    throw failure;
                }
                wait = backoff.after(reply);
            } catch (IOException e) {
                failure = new DownloadException(uri.getHost() + ": " + Backoff.reason(e), e);
                wait = backoff.next();
            }
            if (backoff.isOver()) {
                throw failure;
            }
            Thread.sleep(wait);
        }
    }

    /**
     * An answer whose body is read bit by bit, and closed, by the caller. It may have any status.
     *
     * @throws DownloadException if an address is not allowed
     */
    public Reply<InputStream> stream(URI uri, Map<String, String> headers)
            throws IOException, InterruptedException {
        // Each part has a connection of its own, which HTTP/2 would not give it.
        return follow(uri, headers, HttpClient.Version.HTTP_1_1, BodyHandlers.ofInputStream());
    }

    private <T> Reply<T> follow(
            URI start, Map<String, String> headers, HttpClient.Version version, BodyHandler<T> body)
            throws IOException, InterruptedException {
        rules.checkStart(start);
        Site first = Site.of(start);
        List<HttpHeaders> all = new ArrayList<>();
        URI at = start;
        boolean left = false;
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            // A site that was left does not get its token again, even if the way leads back.
            left |= !Site.of(at).equals(first);
            HttpResponse<T> response = send(request(at, headers, version, !left), body);
            all.add(response.headers());
            String location = response.headers().firstValue("Location").orElse("");
            if (!isRedirect(response.statusCode()) || location.isEmpty()) {
                return new Reply<>(at, response.statusCode(), all, response.body(), left);
            }
            if (response.body() instanceof InputStream stream) {
                stream.close();
            }
            URI next = resolve(at, location);
            rules.checkRedirect(at, next);
            at = next;
        }
        throw new DownloadException(
                "%s: more than %d redirects".formatted(start.getHost(), MOST_REDIRECTS));
    }

    private static boolean isRedirect(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    private static URI resolve(URI at, String location) {
        try {
            return at.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new DownloadException(
                    at.getHost() + " redirects to something that is no address", e);
        }
    }

    private HttpRequest request(
            URI uri, Map<String, String> headers, HttpClient.Version version, boolean withToken) {
        Site site = Site.of(uri);
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(uri)
                        .GET()
                        .version(site.isClear() ? HttpClient.Version.HTTP_1_1 : version)
                        .setHeader("User-Agent", AGENT)
                        .setHeader("Accept-Encoding", "identity");
        headers.forEach(builder::setHeader);
        String token = tokens.get(site);
        if (withToken && token != null) {
            builder.setHeader("Authorization", "Bearer " + token);
        }
        return builder.build();
    }

    /** Sends a request; the time runs until the headers are there, or a body that is no stream. */
    private <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> body)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<T>> answer = client.sendAsync(request, body);
        try {
            return answer.get(limits.answer().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException("no answer within " + limits.answer().toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(Backoff.reason(e.getCause() == null ? e : e.getCause()), e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
