package dev.snoozy.curate.filter;

import dev.snoozy.curate.records.Message;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * See {@link FilterKind#PERSONAL_DATA}. Addresses of examples (RFC 2606) and of private networks
 * (RFC 1918) stay; numbers of cards and accounts are checked by their check digits (ISO 7812, ISO
 * 13616), so that other numbers stay.
 */
record PersonalDataFilter(boolean replaces) implements RowFilter {
    /**
     * What is looked for.
     *
     * @param possible whether a text with such clues can have it: most texts are told by that
     * @param counts whether what the pattern found is what it looks like
     */
    record Rule(
            String name,
            Predicate<Clues> possible,
            Pattern pattern,
            Predicate<String> counts,
            String instead) {}

    /** A key begins with one of these. */
    private static final List<String> KEYS =
            List.of(
                    "sk-",
                    "ghp_",
                    "gho_",
                    "ghu_",
                    "ghs_",
                    "ghr_",
                    "AKIA",
                    "ASIA",
                    "hf_",
                    "xox",
                    "AIza",
                    "-----BEGIN");

    static final List<Rule> RULES =
            // A pattern looks at the sign itself first: looking back at every place takes longest.
            List.of(
                    new Rule(
                            "e-mail",
                            clues -> clues.text().indexOf('@') >= 0,
                            Pattern.compile(
                                    "(?<![\\w.+-])[A-Za-z0-9][\\w.+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\\.){1,8}[A-Za-z]{2,24}\\b"),
                            PersonalDataFilter::isOfSomebody,
                            "email@example.com"),
                    new Rule(
                            "IBAN",
                            clues -> clues.startsAccount() && clues.digits() >= 8,
                            Pattern.compile(
                                    "(?=[A-Z]{2}\\d)\\b[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\\b"),
                            PersonalDataFilter::isIban,
                            "[IBAN]"),
                    new Rule(
                            "card",
                            clues -> clues.chain() >= 15,
                            Pattern.compile(
                                    "(?=[3-6])(?<![\\d.,-])[3-6]\\d{3}(?:[ -]?\\d{4}){2}[ -]?\\d{3,4}(?![\\d.,-]?\\d)|(?=3)(?<![\\d.,-])3\\d{3}[ -]?\\d{6}[ -]?\\d{5}(?!\\d)"),
                            PersonalDataFilter::isCard,
                            "[card]"),
                    new Rule(
                            "phone",
                            clues -> clues.chain() >= 9,
                            Pattern.compile(
                                    "(?=\\+)(?<![\\w.+])\\+[1-9]\\d{0,2}[ .-]?\\(?\\d{1,4}\\)?(?:[ .-]?\\d{2,4}){2,4}(?!\\w)|(?=[(2-9])(?<![\\w.-])\\(?[2-9]\\d{2}\\)?[ .-][2-9]\\d{2}[.-]\\d{4}(?![\\w-])"),
                            PersonalDataFilter::isPhone,
                            "[phone]"),
                    new Rule(
                            "address of a computer",
                            clues -> clues.points() >= 3,
                            Pattern.compile(
                                    "(?=\\d)(?<![\\w.])(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)\\.){3}(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?![\\w.]?\\d)"),
                            PersonalDataFilter::isPublic,
                            "192.0.2.1"),
                    new Rule(
                            "key",
                            clues -> hasKey(clues.text()),
                            Pattern.compile(
                                    "\\bsk-[A-Za-z0-9_-]{20,}\\b|\\bgh[pousr]_[A-Za-z0-9]{36,}\\b|\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b|\\bhf_[A-Za-z0-9]{30,}\\b|\\bxox[abprs]-[A-Za-z0-9-]{20,}\\b|\\bAIza[A-Za-z0-9_-]{35}\\b|-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----[\\s\\S]{40,4000}?-----END (?:[A-Z]+ )?PRIVATE KEY-----"),
                            key -> true,
                            "[key]"));

    PersonalDataFilter(Thresholds thresholds) {
        this(thresholds.text("action").equals("replace"));
        String action = thresholds.text("action");
        if (!List.of("replace", "remove").contains(action)) {
            throw new IllegalArgumentException(
                    "action: \"" + action + "\", expected replace or remove");
        }
    }

    @Override
    public String name() {
        return FilterKind.PERSONAL_DATA.title();
    }

    @Override
    public Verdict judge(RowTexts row) {
        List<Message> messages = row.row().messages();
        List<Message> cleaned = new ArrayList<>(messages.size());
        boolean changed = false;
        for (Message message : messages) {
            String content = message.content();
            Clues clues = Clues.of(content);
            for (Rule rule : RULES) {
                if (!rule.possible.test(clues)) {
                    continue;
                }
                String now =
                        rule.pattern
                                .matcher(content)
                                .replaceAll(
                                        found -> Matcher.quoteReplacement(cleaned(rule, found)));
                if (now.equals(content)) {
                    continue;
                }
                if (!replaces) {
                    return new Verdict.Remove("has the " + rule.name + " of somebody");
                }
                changed = true;
                content = now;
                clues = Clues.of(content);
            }
            cleaned.add(new Message(message.role(), content));
        }
        return changed ? new Verdict.Change(row.row().with(cleaned)) : Verdict.KEEP;
    }

    static String cleaned(Rule rule, MatchResult found) {
        return rule.counts.test(found.group()) ? rule.instead : found.group();
    }

    private static boolean hasKey(String text) {
        for (String key : KEYS) {
            if (text.contains(key)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOfSomebody(String address) {
        String host = address.substring(address.indexOf('@') + 1).toLowerCase(Locale.ROOT);
        return !host.matches(
                "(?:.*\\.)?example\\.(?:com|org|net)|.*\\.(?:example|test|invalid|localhost)|(?:your|my)?(?:domain|company|email)\\.com");
    }

    private static boolean isIban(String text) {
        String iban = text.replace(" ", "");
        if (iban.length() < 15 || iban.length() > 34) {
            return false;
        }
        StringBuilder digits = new StringBuilder();
        (iban.substring(4) + iban.substring(0, 4))
                .chars()
                .forEach(c -> digits.append(Character.digit(c, 36)));
        return new BigInteger(digits.toString()).mod(BigInteger.valueOf(97)).intValue() == 1;
    }

    private static boolean isCard(String text) {
        String digits = text.replaceAll("[ -]", "");
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int twice = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
            sum += i % 2 == 0 ? digit : twice;
        }
        return sum % 10 == 0 && digits.chars().distinct().count() > 1;
    }

    /** 555-01xx are for films. */
    private static boolean isPhone(String text) {
        String digits = text.replaceAll("\\D", "");
        return digits.length() >= 9
                && digits.length() <= 15
                && !digits.matches("\\d*55501\\d\\d")
                && digits.chars().distinct().count() > 2;
    }

    private static boolean isPublic(String address) {
        return !address.matches(
                "(?:0|10|127|22[4-9]|2[3-5]\\d)\\..*|192\\.168\\..*|172\\.(?:1[6-9]|2\\d|3[01])\\..*"
                        + "|169\\.254\\..*|192\\.0\\.2\\..*|198\\.51\\.100\\..*|203\\.0\\.113\\..*"
                        + "|8\\.8\\.[48]\\.[48]|1\\.1\\.1\\.1|\\d\\.\\d\\.\\d\\.\\d");
    }
}
