package dev.snoozy.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class HubOptionsTest {
    @TempDir private Path home;

    @Test
    void withoutVariablesThePublicPlacesAreAskedWithoutAToken() {
        HubOptions options = HubOptions.of(Map.of(), home);
        assertThat(options.huggingFace()).hasToString("https://huggingface.co");
        assertThat(options.ollama()).hasToString("https://registry.ollama.ai");
        assertThat(options.tokens()).isEmpty();
        assertThat(options.proxy()).isNull();
    }

    @Test
    void aTokenIsFoundWhereHuggingFacesToolsKeepIt() throws IOException {
        Path usual = Files.createDirectories(home.resolve(".cache/huggingface")).resolve("token");
        Files.writeString(usual, "hf_file\n");
        Path other = Files.writeString(home.resolve("other"), "hf_other");
        assertThat(token(Map.of())).isEqualTo("hf_file");
        assertThat(token(Map.of("HF_TOKEN", " hf_env "))).isEqualTo("hf_env");
        assertThat(token(Map.of("HF_TOKEN_PATH", other.toString()))).isEqualTo("hf_other");
        assertThat(HubOptions.of(Map.of("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1"), home).tokens())
                .isEmpty();
        assertThat(HubOptions.of(Map.of("HF_HOME", home.toString()), home).tokens()).isEmpty();
    }

    private String token(Map<String, String> variables) {
        HubOptions options = HubOptions.of(variables, home);
        assertThat(options.tokens()).hasSize(1);
        assertThat(options.hasToken(HubOptions.HUGGING_FACE)).isTrue();
        return options.tokens().values().iterator().next();
    }

    @Test
    void whatIsNoTokenIsRefusedAndNotShown() throws IOException {
        Path file = Files.writeString(home.resolve("t"), "two\nlines-secret");
        assertThatThrownBy(() -> HubOptions.readToken(file))
                .isInstanceOf(HubException.class)
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> HubOptions.of(Map.of("HF_TOKEN", "a secret"), home))
                .hasMessageContaining("HF_TOKEN")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aTokenIsForOneSite() {
        HubOptions options =
                HubOptions.defaults().withToken(URI.create("https://a.example/x"), "t");
        assertThat(options.hasToken(URI.create("https://A.example:443/y"))).isTrue();
        for (String other :
                List.of(
                        "https://a.example:8443",
                        "http://a.example",
                        "https://b.a.example",
                        "https://a.example.evil.example")) {
            assertThat(options.hasToken(URI.create(other))).isFalse();
        }
    }

    @Test
    void endpointsAndProxiesAreRead() {
        HubOptions options =
                HubOptions.of(
                        Map.of(
                                "HF_ENDPOINT", "https://mirror.example/",
                                "https_proxy", "proxy.example:3128",
                                "NO_PROXY", "a.example, .b.example"),
                        home);
        assertThat(options.huggingFace()).hasToString("https://mirror.example");
        assertThat(options.proxy()).hasToString("http://proxy.example:3128");
        assertThat(options.noProxy()).containsExactly("a.example", ".b.example");
        assertThatThrownBy(() -> HubOptions.of(Map.of("HF_ENDPOINT", "ftp://x"), home))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("https");
        assertThatThrownBy(() -> HubOptions.of(Map.of("HF_ENDPOINT", "https://u:p@x"), home))
                .isInstanceOf(HubException.class);
        assertThatThrownBy(() ->
                        Hub.open(
                                HubOptions.defaults()
                                        .withProxy(URI.create("socks://x:1"), List.of())))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("proxy");
    }
}
