package dev.snoozy.kernels.arm;

import dev.snoozy.kernels.arm.NeonOp.Kind;

import java.util.Arrays;

/**
 * Writes AArch64 machine code, words of four bytes: the few scalar instructions that loops need,
 * and the vector instructions of {@link NeonOp}.
 *
 * <p>Encodings after the Arm Architecture Reference Manual for A-profile, chapters C6 and C7. Used
 * by one thread.
 */
public final class Assembler {
    private static final int WORD = 4;
    private static final int NOP = 0xD503201F;
    private static final int ZERO = 31; // the register that reads as zero, where it is not SP

    private byte[] bytes = new byte[1024];
    private int length;

    /** A place in the code that has been passed, to branch back to. */
    public record Label(int position) {}

    /** The code so far. */
    public byte[] code() {
        return Arrays.copyOf(bytes, length);
    }

    // ---- scalar instructions

    /** {@code to = from}. */
    public void mov(Reg to, Reg from) {
        if (to == Reg.SP || from == Reg.SP) {
            emit(0x91000000 | from.number() << 5 | to.number());
        } else {
            emit(0xAA000000 | from.number() << 16 | ZERO << 5 | to.number());
        }
    }

    /** {@code to = value}, in as many words as it takes. */
    public void mov(Reg to, long value) {
        movz(to, (int) value & 0xFFFF, 0);
        for (int shift = Short.SIZE; shift < Long.SIZE; shift += Short.SIZE) {
            int part = (int) (value >>> shift) & 0xFFFF;
            if (part != 0) {
                movk(to, part, shift);
            }
        }
    }

    /** {@code to = value << shift}. */
    public void movz(Reg to, int value, int shift) {
        emit(0xD2800000 | wide(value, shift) | general(to));
    }

    /** The sixteen bits of {@code to} from {@code shift} on become {@code value}. */
    public void movk(Reg to, int value, int shift) {
        emit(0xF2800000 | wide(value, shift) | general(to));
    }

    private static int wide(int value, int shift) {
        if (value < 0 || value > 0xFFFF || shift % Short.SIZE != 0 || shift < 0 || shift > 48) {
            throw new IllegalArgumentException("cannot move " + value + " << " + shift);
        }
        return shift / Short.SIZE << 21 | value << 5;
    }

    /** {@code to = from + value}. */
    public void add(Reg to, Reg from, int value) {
        emit(0x91000000 | immediate(value) | from.number() << 5 | to.number());
    }

    /** {@code to = from - value}. */
    public void sub(Reg to, Reg from, int value) {
        emit(0xD1000000 | immediate(value) | from.number() << 5 | to.number());
    }

    /** {@code to = from - value}; sets the flags. */
    public void subs(Reg to, Reg from, int value) {
        emit(0xF1000000 | immediate(value) | from.number() << 5 | general(to));
    }

    /** Twelve bits, or twelve that are followed by twelve zeros. */
    private static int immediate(int value) {
        if (value >= 0 && value < 1 << 12) {
            return value << 10;
        }
        if (value > 0 && value < 1 << 24 && value % (1 << 12) == 0) {
            return 1 << 22 | value >> 12 << 10;
        }
        throw new IllegalArgumentException(
                "expected 0 to 4095, or a multiple of 4096 below 2^24, found " + value);
    }

    /** {@code to = a + b}. */
    public void add(Reg to, Reg a, Reg b) {
        three(0x8B000000, to, a, b);
    }

    /** {@code to = a - b}. */
    public void sub(Reg to, Reg a, Reg b) {
        three(0xCB000000, to, a, b);
    }

    /** {@code to = a - b}; sets the flags. */
    public void subs(Reg to, Reg a, Reg b) {
        three(0xEB000000, to, a, b);
    }

    /** {@code to = a * b}. */
    public void mul(Reg to, Reg a, Reg b) {
        three(0x9B000000 | ZERO << 10, to, a, b);
    }

    /** {@code to = c + a * b}. */
    public void madd(Reg to, Reg a, Reg b, Reg c) {
        three(0x9B000000 | general(c) << 10, to, a, b);
    }

    /** {@code to = from << count}. */
    public void lsl(Reg to, Reg from, int count) {
        bitfield(0xD3400000, to, from, -count & 63, 63 - count);
    }

    /** {@code to = from >>> count}. */
    public void lsr(Reg to, Reg from, int count) {
        bitfield(0xD3400000, to, from, count, 63);
    }

    private void bitfield(int word, Reg to, Reg from, int rotate, int last) {
        if (rotate < 0 || rotate > 63 || last < 0 || last > 63) {
            throw new IllegalArgumentException("a shift is 0 to 63");
        }
        emit(word | rotate << 16 | last << 10 | general(from) << 5 | general(to));
    }

    private void three(int word, Reg to, Reg a, Reg b) {
        emit(word | general(b) << 16 | general(a) << 5 | general(to));
    }

    /** {@code to = [from]}, eight bytes. */
    public void load(Reg to, Mem from) {
        memory(0xF9400000, 0xF8400000, 3, general(to), from);
    }

    /** {@code [to] = from}, eight bytes. */
    public void store(Mem to, Reg from) {
        memory(0xF9000000, 0xF8000000, 3, general(from), to);
    }

    /** {@code to = [from]}, four bytes, the upper half zero. */
    public void loadInt(Reg to, Mem from) {
        memory(0xB9400000, 0xB8400000, 2, general(to), from);
    }

    /** {@code [to] = lower half of from}, four bytes. */
    public void storeInt(Mem to, Reg from) {
        memory(0xB9000000, 0xB8000000, 2, general(from), to);
    }

    /** {@code a = [from], b = [from + 8]}. */
    public void loadPair(Reg a, Reg b, Mem from) {
        pair(0xA9400000, 3, general(a), general(b), from);
    }

    /** {@code [to] = a, [to + 8] = b}. */
    public void storePair(Mem to, Reg a, Reg b) {
        pair(0xA9000000, 3, general(a), general(b), to);
    }

    // ---- branches

    /**
     * A place to branch to, at a multiple of {@code alignment} bytes from the start of the code.
     */
    public Label label(int alignment) {
        while (length % alignment != 0) {
            emit(NOP);
        }
        return new Label(length);
    }

    /** Branches if the last {@link #subs} did not give zero. */
    public void branchIfNotZero(Label target) {
        branch(0x54000001, target);
    }

    /** Branches if the last {@link #subs} gave more than zero, as signed numbers. */
    public void branchIfPositive(Label target) {
        branch(0x5400000C, target);
    }

    /** Branches if a register is not zero. */
    public void branchIfNotZero(Reg register, Label target) {
        branch(0xB5000000 | general(register), target);
    }

    private void branch(int word, Label target) {
        int words = (target.position - length) / WORD;
        if (words < -(1 << 18)) {
            throw new IllegalStateException("a loop of " + -words + " words is too long");
        }
        emit(word | (words & 0x7FFFF) << 5);
    }

    public void ret() {
        emit(0xD65F03C0);
    }

    // ---- vector instructions

    /**
     * {@code to = op(a, b)}; for multiply-adds, products of bytes and BSL {@code to} is read too.
     */
    public void op(NeonOp op, Vec to, Vec a, Operand b) {
        switch (b) {
            case Vec last -> {
                require(op, hasTwoSources(op) && op.word() != 0 && op.takes(to.as(), a.as()));
                require(op, last.as() == a.as());
                emit(word(op, op.word(), to, a) | last.index() << 16);
            }
            case Element last -> {
                require(op, op.elementWord() != 0 && op.takes(to.as(), a.as()));
                require(op, last.size() == op.element(to.as()));
                int high = last.size().log() == 3 ? last.number() : last.number() >> 1;
                int low = last.size().log() == 3 ? 0 : last.number() & 1;
                int place = high << 11 | low << 21 | last.index() << 16;
                emit(word(op, op.elementWord(), to, a) | place);
            }
        }
    }

    /** {@code to = op(from)}. */
    public void op(NeonOp op, Vec to, Vec from) {
        require(op, !hasTwoSources(op) && !isShift(op) && op.takes(to.as(), from.as()));
        int shift = op.kind() == Kind.LONG_BY_SHIFT ? Byte.SIZE << from.as().log() << 16 : 0;
        emit(word(op, op.word(), to, from) | shift);
    }

    /** {@code to = from shifted by count}; SLI and SRI keep the other bits of {@code to}. */
    public void shift(NeonOp op, Vec to, Vec from, int count) {
        require(op, isShift(op) && op.takes(to.as(), from.as()));
        int bits = Byte.SIZE << to.as().log();
        boolean left = op.kind() == Kind.SHIFT_LEFT;
        if (count < (left ? 0 : 1) || count > (left ? bits - 1 : bits)) {
            throw new IllegalArgumentException(op + " of " + to.as() + " by " + count);
        }
        emit(word(op, op.word(), to, from) | (left ? bits + count : 2 * bits - count) << 16);
    }

    private static boolean hasTwoSources(NeonOp op) {
        return switch (op.kind()) {
            case BYTES, TABLE, INTEGERS, ALL, DOT, MATRIX, HALF_DOT, HALF_MATRIX, FLOATS -> true;
            default -> false;
        };
    }

    private static boolean isShift(NeonOp op) {
        return op.kind() == Kind.SHIFT_LEFT || op.kind() == Kind.SHIFT_RIGHT;
    }

    private static int word(NeonOp op, int word, Vec to, Vec from) {
        return word | op.sizeBits(to.as(), from.as()) | from.index() << 5 | to.index();
    }

    private static void require(NeonOp op, boolean hasForm) {
        if (!hasForm) {
            throw new IllegalArgumentException(op + " has no form with these operands");
        }
    }

    /** {@code to = one element in all lanes}. */
    public void dup(Vec to, Element from) {
        int log = to.as().log();
        if (to.as().isScalar() || from.size().log() != log) {
            throw new IllegalArgumentException("cannot spread " + from + " over " + to);
        }
        int place = (2 * from.number() + 1) << log << 16;
        emit(0x0E000400 | q(to) | place | from.index() << 5 | to.index());
    }

    /** {@code to = a general register in all lanes}. */
    public void dup(Vec to, Reg from) {
        if (to.as().isScalar()) {
            throw new IllegalArgumentException("cannot spread over " + to);
        }
        emit(0x0E000C00 | q(to) | 1 << to.as().log() << 16 | general(from) << 5 | to.index());
    }

    /** {@code to = value} in all bytes. */
    public void movi(Vec to, int value) {
        if (to.as().log() != 0 || to.as().isScalar() || value < 0 || value > 255) {
            throw new IllegalArgumentException("cannot set the bytes of " + to + " to " + value);
        }
        emit(0x0F00E400 | q(to) | value >> 5 << 16 | (value & 31) << 5 | to.index());
    }

    /** {@code to = 0}, all of it. */
    public void zero(Vec to) {
        emit(0x6F00E400 | to.index());
    }

    private static int q(Vec to) {
        return to.as().bytes() == 16 ? 1 << 30 : 0;
    }

    // ---- vectors in memory

    /** Loads a vector, or one number and zeros above it. */
    public void load(Vec to, Mem from) {
        int size = sizeOfAccess(to);
        memory(0x3D400000 | size, 0x3C400000 | size, log(to), to.index(), from);
    }

    /** Stores a vector, or its lowest number. */
    public void store(Mem to, Vec from) {
        int size = sizeOfAccess(from);
        memory(0x3D000000 | size, 0x3C000000 | size, log(from), from.index(), to);
    }

    /** Loads two vectors that lie one after another. */
    public void loadPair(Vec a, Vec b, Mem from) {
        pair(0x2D400000 | sizeOfPair(a, b), log(a), a.index(), b.index(), from);
    }

    /** Stores two vectors one after another. */
    public void storePair(Mem to, Vec a, Vec b) {
        pair(0x2D000000 | sizeOfPair(a, b), log(a), a.index(), b.index(), to);
    }

    /** Loads {@code count} vectors, one after another, to registers of ascending numbers. */
    public void loadMany(Vec first, int count, Reg from) {
        emit(0x0C400000 | many(first, count) | from.number() << 5 | first.index());
    }

    /** Stores {@code count} vectors from registers of ascending numbers. */
    public void storeMany(Reg to, Vec first, int count) {
        emit(0x0C000000 | many(first, count) | to.number() << 5 | first.index());
    }

    /** Loads one element for all lanes. */
    public void loadAll(Vec to, Reg from) {
        if (to.as().isScalar()) {
            throw new IllegalArgumentException("cannot spread over " + to);
        }
        emit(0x0D40C000 | q(to) | to.as().log() << 10 | from.number() << 5 | to.index());
    }

    private static int many(Vec first, int count) {
        int opcode =
                switch (count) {
                    case 1 -> 0x7000;
                    case 2 -> 0xA000;
                    case 3 -> 0x6000;
                    case 4 -> 0x2000;
                    default -> throw new IllegalArgumentException("1 to 4 vectors, not " + count);
                };
        if (first.as().isScalar()) {
            throw new IllegalArgumentException("not a vector: " + first);
        }
        return opcode | q(first) | first.as().log() << 10;
    }

    private static int log(Vec vec) {
        return Integer.numberOfTrailingZeros(vec.as().bytes());
    }

    private static int sizeOfAccess(Vec vec) {
        return log(vec) == 4 ? 1 << 23 : log(vec) << 30;
    }

    private static int sizeOfPair(Vec a, Vec b) {
        if (log(a) < 2 || log(a) != log(b)) {
            throw new IllegalArgumentException("no pair: " + a + ", " + b);
        }
        return log(a) - 2 << 30;
    }

    // ---- words

    /** An access with an offset that counts in operands, or if it does not, in bytes. */
    private void memory(int scaled, int unscaled, int log, int register, Mem mem) {
        int offset = mem.offset();
        int place = mem.base().number() << 5 | register;
        if (offset >= 0 && offset % (1 << log) == 0 && offset >> log < 1 << 12) {
            emit(scaled | offset >> log << 10 | place);
        } else if (offset >= -256 && offset < 256) {
            emit(unscaled | (offset & 0x1FF) << 12 | place);
        } else {
            throw new IllegalArgumentException("no access of " + (1 << log) + " bytes at " + mem);
        }
    }

    private void pair(int word, int log, int a, int b, Mem mem) {
        int units = mem.offset() >> log;
        if (mem.offset() % (1 << log) != 0 || units < -64 || units > 63) {
            throw new IllegalArgumentException("no pair of " + (1 << log) + " bytes at " + mem);
        }
        emit(word | (units & 0x7F) << 15 | b << 10 | mem.base().number() << 5 | a);
    }

    /** A register where 31 would be zero. */
    private static int general(Reg register) {
        if (register == Reg.SP) {
            throw new IllegalArgumentException("the stack pointer cannot stand here");
        }
        return register.number();
    }

    private void emit(int word) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * length);
        }
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            bytes[length++] = (byte) (word >> shift);
        }
    }
}
