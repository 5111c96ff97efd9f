package dev.snoozy.cli.hub;

import dev.snoozy.cli.WrongUseException;
import dev.snoozy.hub.HubException;
import dev.snoozy.hub.HubOptions;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The flags of what asks the network for models. */
public final class HubFlags {
    @Option(
            names = "--revision",
            paramLabel = "NAME",
            description = "a branch, tag or commit of the repository (default: main)")
    private @Nullable String revision;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "a file with a token for the server in use, on one line (default: HF_TOKEN,"
                            + " or where Hugging Face's own tools keep it, for huggingface.co)")
    private @Nullable Path tokenFile;

    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            description =
                    "a server with Hugging Face's interface, such as a mirror (default:"
                            + " HF_ENDPOINT, else https://huggingface.co)")
    private @Nullable String endpoint;

    @Option(
            names = "--proxy",
            paramLabel = "URL",
            description =
                    "a proxy, http://host:port, or 'none' (default: HTTPS_PROXY and NO_PROXY)")
    private @Nullable String proxy;

    @Option(
            names = "--connections",
            paramLabel = "N",
            description = "connections for one file, 1 to 16 (default: 4)")
    private @Nullable Integer connections;

    /** The revision that is asked for. */
    public @Nullable String revision() {
        return revision;
    }

    /**
     * How the network is asked.
     *
     * @throws WrongUseException if a flag or a variable cannot be understood
     */
    public HubOptions options() {
        return options(System.getenv(), Path.of(System.getProperty("user.home", ".")));
    }

    HubOptions options(Map<String, String> variables, Path home) {
        try {
            HubOptions options = HubOptions.of(variables, home);
            if (endpoint != null) {
                options = options.withHuggingFace(uri("--endpoint", endpoint));
            }
            if (proxy != null) {
                options =
                        proxy.equals("none")
                                ? options.withoutProxy()
                                : options.withProxy(uri("--proxy", proxy), List.of());
            }
            if (connections != null) {
                options = options.withConnections(connections);
            }
            return tokenFile == null
                    ? options
                    : options.withToken(options.huggingFace(), HubOptions.readToken(tokenFile));
        } catch (HubException | IllegalArgumentException e) {
            throw new WrongUseException(String.valueOf(e.getMessage()));
        }
    }

    private static URI uri(String flag, String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new WrongUseException(flag + ": expected an address, found something else");
        }
    }
}
