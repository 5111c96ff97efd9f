package dev.snoozy.hub.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.testkit.hub.StubServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where downloads may be sent, and what is shown to whom on the way. */
class RedirectsTest {
    private static final Map<String, String> ADDRESSES =
            Map.of(
                    "hub.example", "93.184.216.34",
                    "cdn.example", "93.184.216.35",
                    "inner.example", "10.1.2.3",
                    "metadata.example", "169.254.169.254",
                    "mirror.example", "192.168.0.9",
                    "localhost", "127.0.0.1");

    private static final AddressRules RULES =
            new AddressRules(
                    Set.of(new Site("http", "mirror.example", 80)), RedirectsTest::addresses);

    private final StubServer first = StubServer.start(x -> x.answer(200, "one"));
    private final StubServer second = StubServer.start(x -> x.answer(200, "two"));

    private static InetAddress[] addresses(String host) throws UnknownHostException {
        String address = ADDRESSES.getOrDefault(host, host);
        if (!address.matches("[0-9a-f.:]+")) {
            throw new UnknownHostException(host);
        }
        return new InetAddress[] {InetAddress.getByName(address)};
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
    }

    @ParameterizedTest
    @CsvSource({
        "https://hub.example/a, https://cdn.example/b",
        "https://hub.example/a, https://hub.example/b",
        "https://hub.example/a, https://unknown.example/b",
        "http://mirror.example/a, http://mirror.example/b",
        "http://mirror.example/a, https://inner.example/b",
        "http://127.0.0.1:1/a, http://localhost:2/b",
        "http://[::1]:1/a, http://127.0.0.1:2/b"
    })
    void leadsOn(URI from, URI to) {
        assertThatCode(() -> RULES.checkRedirect(from, to)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "https://hub.example/a, http://hub.example/b",
        "https://hub.example/a, http://cdn.example/b",
        "https://hub.example/a, http://mirror.example/b",
        "https://hub.example/a, https://127.0.0.1/b",
        "https://hub.example/a, https://localhost/b",
        "https://hub.example/a, http://localhost/b",
        "https://hub.example/a, https://inner.example/b",
        "https://hub.example/a, https://metadata.example/latest",
        "https://hub.example/a, https://169.254.169.254/latest",
        "https://hub.example/a, https://[::1]/b",
        "https://hub.example/a, https://[fd00::1]/b",
        "https://hub.example/a, https://[::ffff:10.0.0.1]/b",
        "https://hub.example/a, https://[64:ff9b::a00:1]/b",
        "https://hub.example/a, https://100.64.0.1/b",
        "https://hub.example/a, https://0.0.0.0/b",
        "https://hub.example/a, file:///etc/passwd",
        "https://hub.example/a, ftp://cdn.example/b",
        "https://hub.example/a, https://user:pass@cdn.example/b",
        "http://127.0.0.1:1/a, http://hub.example/b"
    })
    void doesNotLeadOn(URI from, URI to) {
        assertThatThrownBy(() -> RULES.checkRedirect(from, to))
                .isInstanceOf(DownloadException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://hub.example/a",
                "http://inner.example/a",
                "ftp://hub.example/a",
                "https:///a",
                "https://user@hub.example/a"
            })
    void isNoBeginning(URI uri) {
        assertThatThrownBy(() -> RULES.checkStart(uri)).isInstanceOf(DownloadException.class);
    }

    private Web web(Map<Site, String> tokens) {
        return new Web(
                List.of(URI.create(first.url("127.0.0.1"))),
                tokens,
                null,
                List.of(),
                Downloads.impatient());
    }

    private URI uri(StubServer server, String host) {
        return URI.create(server.url(host) + "/x");
    }

    @Test
    void aTokenIsNotSentAgainWhereTheWayLeadsBack() throws Exception {
        second.handle(x -> x.answer(302, "", "Location", first.url("127.0.0.1") + "/end"));
        first.handle(x -> {
            if (x.target().equals("/end")) {
                x.answer(200, "end");
            } else {
                x.answer(302, "", "Location", second.url("localhost") + "/y");
            }
        });
        URI start = uri(first, "127.0.0.1");
        Map<Site, String> tokens =
                Map.of(Site.of(start), "t1", Site.of(uri(second, "127.0.0.1")), "t2");
        try (Web web = web(tokens)) {
            assertThat(web.read(start, Map.of(), 100).body()).asString().isEqualTo("end");
        }
        assertThat(first.seen().get(0).headers()).containsEntry("authorization", "Bearer t1");
        assertThat(first.seen().get(1).headers()).doesNotContainKey("authorization");
        assertThat(second.seen().toString()).doesNotContain("authorization");
    }

    @Test
    void aTokenFollowsARenamedRepositoryOnItsOwnSite() throws Exception {
        first.handle(x -> {
            if (x.target().equals("/new")) {
                x.answer(200, "new");
            } else {
                x.answer(307, "", "Location", "/new");
            }
        });
        URI start = uri(first, "127.0.0.1");
        try (Web web = web(Map.of(Site.of(start), "t1"))) {
            web.read(start, Map.of(), 100);
        }
        assertThat(first.seen()).hasSize(2).allMatch(s -> s.headers().containsKey("authorization"));
    }

    @Test
    void aRoundaboutEnds() {
        first.handle(x -> x.answer(302, "", "Location", x.target() + "x"));
        try (Web web = web(Map.of())) {
            assertThatThrownBy(() -> web.read(uri(first, "127.0.0.1"), Map.of(), 100))
                    .hasMessageContaining("more than 8 redirects");
        }
        assertThat(first.seen()).hasSize(9);
    }

    @Test
    void anAnswerIsNoLargerThanIsAllowed() {
        first.handle(x -> x.answer(200, "x".repeat(5000)));
        try (Web web = web(Map.of())) {
            assertThatThrownBy(() -> web.read(uri(first, "127.0.0.1"), Map.of(), 1000))
                    .isInstanceOf(DownloadException.class);
        }
    }

    @Test
    void headersAreNoLargerThanIsAllowed() {
        first.handle(x -> x.answer(200, "x", "X-Much", "y".repeat(2_000_000)));
        try (Web web = web(Map.of())) {
            assertThatThrownBy(() -> web.read(uri(first, "127.0.0.1"), Map.of(), 1000))
                    .isInstanceOf(DownloadException.class);
        }
    }

    @Test
    void aProxyIsAskedButNotForThisMachineAndNotForExceptions() throws Exception {
        URI proxy = URI.create(second.url("127.0.0.1"));
        ProxyRules rules =
                new ProxyRules(proxy, List.of(".inner.example", "other.example:8443", "10.0.0.1"));
        assertThat(proxied(rules, "https://hub.example/")).isTrue();
        assertThat(proxied(rules, "https://other.example/")).isTrue();
        assertThat(proxied(rules, "https://other.example:8443/")).isFalse();
        assertThat(proxied(rules, "https://inner.example/")).isFalse();
        assertThat(proxied(rules, "https://a.inner.example/")).isFalse();
        assertThat(proxied(rules, "https://notinner.example/")).isTrue();
        assertThat(proxied(rules, "https://10.0.0.1/")).isFalse();
        assertThat(proxied(rules, "http://localhost:99/")).isFalse();
        assertThat(proxied(rules, "http://127.0.0.1:99/")).isFalse();
        assertThat(proxied(rules, "http://[::1]:99/")).isFalse();
        assertThat(proxied(new ProxyRules(proxy, List.of("*")), "https://hub.example/")).isFalse();
        assertThatThrownBy(() -> new ProxyRules(URI.create("socks5://a:1"), List.of()))
                .hasMessageContaining("socks5");
    }

    private static boolean proxied(ProxyRules rules, String uri) {
        return rules.select(URI.create(uri)).getFirst().type() == java.net.Proxy.Type.HTTP;
    }

    @Test
    void aRequestByWayOfAProxyNamesTheWholeAddress() throws Exception {
        second.handle(x -> x.answer(200, "by proxy"));
        AddressRules rules =
                new AddressRules(
                        Set.of(new Site("http", "mirror.example", 80)), RedirectsTest::addresses);
        URI proxy = URI.create(second.url("127.0.0.1"));
        try (Web web = new Web(rules, Map.of(), proxy, List.of(), Downloads.impatient())) {
            byte[] body = web.read(URI.create("http://mirror.example/f"), Map.of(), 100).body();
            assertThat(body).asString().isEqualTo("by proxy");
        }
        assertThat(second.seen().getFirst().target()).isEqualTo("http://mirror.example/f");
    }
}
