package dev.snoozy.kernels.x86;

import dev.snoozy.kernels.x86.Vec.Width;

import java.util.Arrays;

/**
 * Writes x86-64 machine code: the few scalar instructions that loops need, and vector instructions
 * in VEX form (AVX2: 128 and 256 bits, registers 0 to 15) or EVEX form (AVX-512). The form follows
 * from the width and the numbers of the registers.
 *
 * <p>Encodings after the Intel SDM, volume 2, chapter 2. Used by one thread.
 */
public final class Assembler {
    private static final int EVEX_ONLY = 16; // first register number that VEX cannot name

    private byte[] bytes = new byte[1024];
    private int length;

    /** A place in the code that has been passed, to jump back to. */
    public record Label(int position) {}

    /** A jump whose target has not been passed yet: it must {@link #land}. */
    public record Skip(int end) {}

    /** The code so far. */
    public byte[] code() {
        return Arrays.copyOf(bytes, length);
    }

    // ---- scalar instructions

    /** {@code to = from}. */
    public void mov(Gpr to, Gpr from) {
        rex(from, to);
        emit(0x89);
        registers(from.number(), to.number());
    }

    /** {@code to = [from]}, eight bytes. */
    public void mov(Gpr to, Mem from) {
        rex(to, from.base());
        emit(0x8B);
        memory(to.number(), from, 1);
    }

    /** {@code [to] = from}, eight bytes. */
    public void mov(Mem to, Gpr from) {
        rex(from, to.base());
        emit(0x89);
        memory(from.number(), to, 1);
    }

    /** {@code to = [from]}, four bytes, the upper half zero. */
    public void movInt(Gpr to, Mem from) {
        shortRex(to, from);
        emit(0x8B);
        memory(to.number(), from, 1);
    }

    /** {@code [to] = lowest two bytes of from}. */
    public void movShort(Mem to, Gpr from) {
        emit(0x66);
        shortRex(from, to);
        emit(0x89);
        memory(from.number(), to, 1);
    }

    /** {@code [to] = lowest byte of from}. */
    public void movByte(Mem to, Gpr from) {
        shortRex(from, to);
        emit(0x88);
        memory(from.number(), to, 1);
    }

    /** {@code [to] = lower half of from}, four bytes. */
    public void movInt(Mem to, Gpr from) {
        shortRex(from, to);
        emit(0x89);
        memory(from.number(), to, 1);
    }

    /** Asks for a line of memory, which need not be there, to be brought into all caches. */
    public void prefetch(Mem from) {
        if (from.base().number() >= 8) {
            emit(0x41);
        }
        emit(0x0F);
        emit(0x18);
        memory(1, from, 1);
    }

    /** {@code to = value}, the upper half zero. */
    public void mov(Gpr to, int value) {
        emit(0x40 | (to.number() >> 3));
        emit(0xB8 | (to.number() & 7));
        emitInt(value);
    }

    /** {@code to += value}. */
    public void add(Gpr to, int value) {
        rex(Gpr.RAX, to);
        emit(0x81);
        registers(0, to.number());
        emitInt(value);
    }

    /** {@code to += from}. */
    public void add(Gpr to, Gpr from) {
        rex(from, to);
        emit(0x01);
        registers(from.number(), to.number());
    }

    /** {@code to += [from]}, eight bytes. */
    public void add(Gpr to, Mem from) {
        rex(to, from.base());
        emit(0x03);
        memory(to.number(), from, 1);
    }

    /** {@code to -= value}; sets the flags. */
    public void sub(Gpr to, int value) {
        rex(Gpr.RAX, to);
        emit(0x81);
        registers(5, to.number());
        emitInt(value);
    }

    /** Calls the code whose address is in a register. */
    public void call(Gpr target) {
        if (target.number() >= 8) {
            emit(0x41);
        }
        emit(0xFF);
        registers(2, target.number());
    }

    /** {@code to -= from}; sets the flags. */
    public void sub(Gpr to, Gpr from) {
        rex(from, to);
        emit(0x29);
        registers(from.number(), to.number());
    }

    /** {@code to *= value}. */
    public void multiply(Gpr to, int value) {
        rex(to, to);
        emit(0x69);
        registers(to.number(), to.number());
        emitInt(value);
    }

    public void push(Gpr register) {
        oneRegister(0x50, register);
    }

    public void pop(Gpr register) {
        oneRegister(0x58, register);
    }

    private void oneRegister(int opcode, Gpr register) {
        if (register.number() >= 8) {
            emit(0x41);
        }
        emit(opcode | (register.number() & 7));
    }

    /** A place to jump to, at a multiple of {@code alignment} bytes from the start of the code. */
    public Label label(int alignment) {
        while (length % alignment != 0) {
            emit(0x90);
        }
        return new Label(length);
    }

    /** Jumps if the last {@link #sub} did not give zero. */
    public void jumpIfNotZero(Label target) {
        emit(0x0F);
        emit(0x85);
        emitInt(target.position - (length + 4));
    }

    /** Jumps if the last {@link #sub} gave more than zero, as signed numbers. */
    public void jumpIfPositive(Label target) {
        emit(0x0F);
        emit(0x8F);
        emitInt(target.position - (length + 4));
    }

    /** Jumps back. */
    public void jump(Label target) {
        emit(0xE9);
        emitInt(target.position - (length + 4));
    }

    /** Jumps forward if the last {@link #sub} gave less than zero, as signed numbers. */
    public Skip skipIfNegative() {
        emit(0x0F);
        emit(0x8C);
        emitInt(0);
        return new Skip(length);
    }

    /** Where a jump forward arrives. */
    public void land(Skip skip) {
        int distance = length - skip.end;
        for (int i = 0; i < Integer.BYTES; i++) {
            bytes[skip.end - Integer.BYTES + i] = (byte) (distance >> (Byte.SIZE * i));
        }
    }

    public void cpuid() {
        emit(0x0F);
        emit(0xA2);
    }

    public void xgetbv() {
        emit(0x0F);
        emit(0x01);
        emit(0xD0);
    }

    public void vzeroupper() {
        emit(0xC5);
        emit(0xF8);
        emit(0x77);
    }

    public void ret() {
        emit(0xC3);
    }

    // ---- vector instructions

    /** {@code to = op(a, b)}; for multiply-adds {@code to} is read too. */
    public void op(VectorOp op, Vec to, Vec a, Operand b) {
        vector(op, op.opcode(), to.width(), to.index(), a.index(), b);
    }

    /** {@code to = op(from)}. */
    public void op(VectorOp op, Vec to, Operand from) {
        vector(op, op.opcode(), to.width(), to.index(), 0, from);
    }

    /** {@code to = op(a, b, constant)}. */
    public void op(VectorOp op, Vec to, Vec a, Operand b, int constant) {
        op(op, to, a, b);
        emit(constant);
    }

    /** {@code to = op(from, constant)}. */
    public void op(VectorOp op, Vec to, Operand from, int constant) {
        op(op, to, from);
        emit(constant);
    }

    /** {@code to = from shifted by count}. */
    public void shift(VectorOp op, Vec to, Vec from, int count) {
        vector(op, op.opcode(), to.width(), op.digit(), to.index(), from);
        emit(count);
    }

    /** Stores floats as half precision, rounded to the nearest, ties to even. */
    public void storeHalves(Mem to, Vec from) {
        vector(VectorOp.VCVTPS2PH, VectorOp.VCVTPS2PH.opcode(), from.width(), from.index(), 0, to);
        emit(0);
    }

    /** Rounds floats to BF16, which take half the register. */
    public void roundToBf16(Vec to, Vec from) {
        VectorOp op = VectorOp.VCVTNEPS2BF16;
        vector(op, op.opcode(), from.width(), to.index(), 0, from);
    }

    /** Loads a vector from any address. */
    public void load(Vec to, Mem from) {
        op(VectorOp.VMOVUPS, to, from);
    }

    /** Stores a vector to any address. */
    public void store(Mem to, Vec from) {
        int opcode = VectorOp.VMOVUPS.opcode() + 1;
        vector(VectorOp.VMOVUPS, opcode, from.width(), from.index(), 0, to);
    }

    /** Stores the lowest four bytes of a register. */
    public void storeLowest(Mem to, Vec from) {
        vector(VectorOp.VMOVD, VectorOp.VMOVD.opcode() + 0x10, Width.XMM, from.index(), 0, to);
    }

    /** {@code to = 0}. */
    public void zero(Vec to) {
        op(VectorOp.VPXOR, to, to, to);
    }

    private void vector(VectorOp op, int opcode, Width width, int reg, int v, Operand last) {
        boolean broadcast = last instanceof Mem mem && mem.broadcast();
        if (broadcast && !op.canBroadcast()) {
            throw new IllegalArgumentException(op + " cannot broadcast from memory");
        }
        int rm =
                switch (last) {
                    case Vec vec -> vec.index();
                    case Mem mem -> mem.base().number();
                };
        boolean far = last instanceof Vec && rm >= EVEX_ONLY;
        boolean evex =
                width == Width.ZMM
                        || broadcast
                        || far
                        || reg >= EVEX_ONLY
                        || v >= EVEX_ONLY
                        || op.form() == VectorOp.Form.EVEX;
        if (evex && op.form() == VectorOp.Form.VEX) {
            throw new IllegalArgumentException(op + " has no EVEX form");
        }
        if (evex) {
            evexPrefix(op, width, reg, v, last, rm, broadcast);
        } else {
            vexPrefix(op, width, reg, v, rm);
        }
        emit(opcode);
        switch (last) {
            case Vec vec -> registers(reg, vec.index());
            case Mem mem -> memory(reg, mem, evex ? op.memoryBytes(width, broadcast) : 1);
        }
    }

    /** Register numbers inverted, map; W, vvvv, length, prefix. Two bytes where that is enough. */
    private void vexPrefix(VectorOp op, Width width, int reg, int v, int rm) {
        int last = ((~v & 15) << 3) | (width.code() << 2) | op.prefix();
        if (rm < 8 && op.map() == VectorOp.Map.F.code) {
            emit(0xC5);
            emit((inverted(reg, 3) << 7) | last);
            return;
        }
        emit(0xC4);
        emit((inverted(reg, 3) << 7) | (1 << 6) | (inverted(rm, 3) << 5) | op.map());
        emit(last);
    }

    /** Four bytes: as VEX with five bits per register, broadcast and length. No mask. */
    private void evexPrefix(
            VectorOp op, Width width, int reg, int v, Operand last, int rm, boolean broadcast) {
        int high = last instanceof Vec ? inverted(rm, 4) : 1;
        emit(0x62);
        emit(
                (inverted(reg, 3) << 7)
                        | (high << 6)
                        | (inverted(rm, 3) << 5)
                        | (inverted(reg, 4) << 4)
                        | op.map());
        emit(((~v & 15) << 3) | (1 << 2) | op.prefix());
        emit((width.code() << 5) | (broadcast ? 1 << 4 : 0) | (inverted(v, 4) << 3));
    }

    private static int inverted(int number, int bit) {
        return (~number >> bit) & 1;
    }

    // ---- bytes

    private void rex(Gpr reg, Gpr rm) {
        emit(0x48 | ((reg.number() >> 3) << 2) | (rm.number() >> 3));
    }

    /** For operands of less than eight bytes. */
    private void shortRex(Gpr reg, Mem mem) {
        emit(0x40 | ((reg.number() >> 3) << 2) | (mem.base().number() >> 3));
    }

    private void registers(int reg, int rm) {
        emit(0xC0 | ((reg & 7) << 3) | (rm & 7));
    }

    /** The address, with a displacement of one byte where it is a small multiple of the unit. */
    private void memory(int reg, Mem mem, int unit) {
        int base = mem.base().number() & 7;
        int scaled = mem.displacement() / unit;
        boolean none = mem.displacement() == 0 && base != Gpr.RBP.number();
        boolean small = mem.displacement() % unit == 0 && scaled >= Byte.MIN_VALUE && scaled <= 127;
        emit((none ? 0 : (small ? 0x40 : 0x80)) | ((reg & 7) << 3) | base);
        if (base == Gpr.RSP.number()) {
            emit(0x24); // a SIB byte without index
        }
        if (none) {
            return;
        }
        if (small) {
            emit(scaled);
        } else {
            emitInt(mem.displacement());
        }
    }

    private void emitInt(int value) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            emit(value >> shift);
        }
    }

    private void emit(int value) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * length);
        }
        bytes[length++] = (byte) value;
    }
}
