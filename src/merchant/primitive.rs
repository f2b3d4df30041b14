//! The RSA primitive of the private key: RSADP and RSASP1 (RFC 8017 §5.1.2, §5.2.1), which compute the same, `c^d mod n`.
//!
//! It is where the time goes, and a host that has OpenSSL does it some twenty times as fast as WebAssembly. So it may come
//! from outside; padding, checks and everything else stay here. What comes from outside is believed only when its `e`-th
//! power is the number that was handed out.

use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use rsa::{BoxedUint, RsaPrivateKey, traits::PublicKeyParts};
use zeroize::Zeroizing;

#[cfg(all(feature = "javascript", target_arch = "wasm32"))]
use super::ber;
use super::{Entropy, private_operation};
use crate::error::Error;

/// Another implementation of the private key's primitive than this crate's own: OpenSSL's, say. Every closure that computes
/// it is one.
///
/// It has to hold the same key, blind its computation, and take the same time for every number.
pub trait PrivateKeyPrimitive {
    /// `representative` to the power `d`, modulo `n`: RSADP and RSASP1 of RFC 8017, without any padding.
    ///
    /// What goes in is as long as the modulus, and smaller. What comes out must be as long; it is checked with the public
    /// exponent before it is used. `None` where it could not be computed.
    fn compute(&self, representative: &[u8]) -> Option<Zeroizing<Vec<u8>>>;

    /// Told where it gave nothing, or something wrong. This crate's own implementation then takes its place, unless it
    /// refuses that with an error.
    ///
    /// # Errors
    /// Whatever the call shall fail with.
    fn failed(&self) -> Result<(), Error> {
        Ok(())
    }
}

impl<F: Fn(&[u8]) -> Option<Zeroizing<Vec<u8>>>> PrivateKeyPrimitive for F {
    fn compute(&self, representative: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        self(representative)
    }
}

/// What a private-key operation is made with.
#[derive(Clone, Copy)]
pub(crate) struct Engine<'a> {
    entropy: Option<&'a dyn Entropy>,
    primitive: Option<&'a dyn PrivateKeyPrimitive>,
}

impl<'a> Engine<'a> {
    pub(crate) fn new(
        entropy: Option<&'a dyn Entropy>,
        primitive: Option<&'a dyn PrivateKeyPrimitive>,
    ) -> Self {
        Self { entropy, primitive }
    }

    /// `c^d mod n`, as long as the modulus; `c` is smaller than the modulus.
    pub(super) fn compute(
        self,
        key: &RsaPrivateKey,
        c: &BoxedUint,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        if let Some(primitive) = self.primitive {
            if is_its_own_root(key, c) {
                return Ok(octets(c, key.size()));
            }
            let computed = primitive.compute(&octets(c, key.size()));
            if let Some(computed) = computed.filter(|m| is_root(key, m, c)) {
                return Ok(computed);
            }
            primitive.failed()?;
        }
        let mut blinding = blinding(self.entropy.ok_or(Error::NoEntropy)?)?;
        let m = private_operation::apply(key, c, &mut blinding)?;
        Ok(octets(&m, key.size()))
    }
}

/// 0, 1 and `n - 1` to any odd power are themselves. OpenSSL's FIPS module refuses to compute that (SP 800-56B, 7.1.2.1), which
/// is no failure of the machine: whoever sends such a ciphertext must not be told, and must not take the machine away.
fn is_its_own_root(key: &RsaPrivateKey, c: &BoxedUint) -> bool {
    let n = key.n().as_ref();
    let one = BoxedUint::one_with_precision(n.bits_precision());
    *c <= one || *c == n.wrapping_sub(&one)
}

/// Whether `m`, as long as the modulus and smaller, is what `c` is the `e`-th power of. Only one number is.
fn is_root(key: &RsaPrivateKey, m: &[u8], c: &BoxedUint) -> bool {
    let m = integer(key, m).map(Zeroizing::new);
    m.is_some_and(|m| private_operation::public_operation(key, &m) == *c)
}

/// OS2IP (RFC 8017 §4.2), for what can be computed with: as long as the modulus, and smaller.
pub(super) fn integer(key: &RsaPrivateKey, octets: &[u8]) -> Option<BoxedUint> {
    let n = key.n().as_ref();
    let integer = BoxedUint::from_be_slice(octets, n.bits_precision()).ok()?;
    (octets.len() == key.size() && integer < *n).then_some(integer)
}

/// I2OSP (RFC 8017 §4.1), for a number that fits.
pub(super) fn octets(integer: &BoxedUint, length: usize) -> Zeroizing<Vec<u8>> {
    let mut octets = Zeroizing::new(vec![0; length]);
    // The number's storage is whole limbs, the modulus need not be.
    let stored = Zeroizing::new(integer.to_be_bytes());
    let to = octets.iter_mut().rev();
    to.zip(stored.iter().rev())
        .for_each(|(to, from)| *to = *from);
    octets
}

/// RSAPrivateKey (RFC 8017, A.1.2) in DER, of two primes. Written here, because what the crate `pkcs1` writes it with is nineteen
/// kilobytes of the module.
#[cfg(all(feature = "javascript", target_arch = "wasm32"))]
pub(super) fn private_key_der(key: &RsaPrivateKey) -> Option<Zeroizing<Vec<u8>>> {
    use rsa::traits::PrivateKeyParts;
    let [p, q] = key.primes() else {
        return None;
    };
    let version = BoxedUint::zero();
    let inverse = Zeroizing::new(key.qinv()?.retrieve());
    let (n, e, d) = (key.n().as_ref(), key.e(), key.d());
    let numbers = [&version, n, e, d, p, q, key.dp()?, key.dq()?, &inverse];
    Some(ber::integers(
        &numbers.map(|number| octets(number, key.size() + 1)),
    ))
}

/// The random numbers of one private-key operation.
fn blinding(entropy: &dyn Entropy) -> Result<ChaCha20Rng, Error> {
    let mut seed = Zeroizing::new([0; 32]);
    entropy.fill(&mut *seed)?;
    // A host that "succeeds" without writing anything leaves the zeros.
    if *seed == [0; 32] {
        return Err(Error::NoEntropy);
    }
    Ok(ChaCha20Rng::from_seed(*seed))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use rsa::hazmat;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    type Then<'a> = dyn Fn(Zeroizing<Vec<u8>>) -> Option<Vec<u8>> + 'a;

    /// A host that computes rightly, and then makes of it what `then` does.
    struct Host<'a> {
        key: &'a RsaPrivateKey,
        then: &'a Then<'a>,
        insists: bool,
        failures: Cell<u32>,
    }

    impl PrivateKeyPrimitive for Host<'_> {
        fn compute(&self, representative: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
            let c = integer(self.key, representative)?;
            let m = hazmat::rsa_decrypt_and_check::<ChaCha20Rng>(self.key, None, &c).ok()?;
            (self.then)(octets(&m, self.key.size())).map(Zeroizing::new)
        }

        fn failed(&self) -> Result<(), Error> {
            self.failures.set(self.failures.get() + 1);
            if self.insists {
                return Err(Error::Closed);
            }
            Ok(())
        }
    }

    /// 1 less than a multiple of 8 bits, so that there are numbers above the modulus that are as long.
    fn key() -> RsaPrivateKey {
        RsaPrivateKey::new_unchecked(&mut ChaCha20Rng::from_seed([5; 32]), 767).unwrap()
    }

    fn number(key: &RsaPrivateKey, number: u64) -> BoxedUint {
        let octets = [vec![0; key.size() - 8], number.to_be_bytes().to_vec()].concat();
        integer(key, &octets).unwrap()
    }

    #[test]
    fn a_host_that_is_right_is_believed_and_needs_no_entropy() {
        let key = key();
        let right = |m: Zeroizing<Vec<u8>>| Some(m.to_vec());
        let host = Host {
            key: &key,
            then: &right,
            insists: true,
            failures: Cell::new(0),
        };
        for c in [0, 1, 2, 3, 0xdead_beef_dead_beef] {
            let c = number(&key, c);
            let m = Engine::new(None, Some(&host)).compute(&key, &c).unwrap();
            let power = hazmat::rsa_encrypt(&key, &integer(&key, &m).unwrap()).unwrap();
            assert_eq!(power, c);
        }
        assert_eq!(host.failures.get(), 0);
        let closure = |c: &[u8]| host.compute(c);
        let (engine, c) = (Engine::new(None, Some(&closure)), number(&key, 5));
        let m = engine.compute(&key, &c).unwrap();
        assert_eq!(
            hazmat::rsa_encrypt(&key, &integer(&key, &m).unwrap()),
            Ok(c)
        );
    }

    #[test]
    fn what_a_fips_module_refuses_is_no_failure_of_it() {
        let key = key();
        let n = key.n().as_ref();
        let refuses = |_| None;
        let host = Host {
            key: &key,
            then: &refuses,
            insists: true,
            failures: Cell::new(0),
        };
        let less = |by| n.wrapping_sub(number(&key, by));
        for c in [number(&key, 0), number(&key, 1), less(1)] {
            let m = Engine::new(None, Some(&host)).compute(&key, &c).unwrap();
            let expected = hazmat::rsa_decrypt_and_check::<ChaCha20Rng>(&key, None, &c).unwrap();
            assert_eq!(m, octets(&expected, key.size()));
        }
        assert_eq!(host.failures.get(), 0);
        for c in [number(&key, 2), less(2)] {
            let refused = Engine::new(None, Some(&host)).compute(&key, &c);
            assert_eq!(refused, Err(Error::Closed));
        }
    }

    #[test]
    fn a_host_that_fails_or_lies_is_never_believed() {
        let key = key();
        let n = key.n().as_ref();
        let size = key.size();
        let c = number(&key, 0x1234_5678_9abc_def1);
        let entropy = |bytes: &mut [u8]| {
            bytes.fill(7);
            Ok(())
        };
        let right = Engine::new(Some(&entropy), None).compute(&key, &c);
        let right = right.unwrap();
        let as_number = |m: &[u8]| BoxedUint::from_be_slice(m, n.bits_precision()).unwrap();
        let lies: [(&str, &Then<'_>); 9] = [
            ("nothing", &|_| None),
            ("no octets", &|_| Some(vec![])),
            ("zeros", &|m| Some(vec![0; m.len()])),
            ("one octet less", &|m| Some(m[1..].to_vec())),
            ("one octet more", &|m| Some([&[0], &m[..]].concat())),
            ("one bit else", &|mut m| {
                m[40] ^= 4;
                Some(m.to_vec())
            }),
            ("the other root", &|m| {
                Some(octets(&n.wrapping_sub(as_number(&m)), size).to_vec())
            }),
            // Its power is right, but it is no number below the modulus.
            ("n more", &|m| {
                Some(octets(&n.wrapping_add(as_number(&m)), size).to_vec())
            }),
            ("what was given", &|_| Some(octets(&c, size).to_vec())),
        ];
        for (what, then) in lies {
            let mut host = Host {
                key: &key,
                then,
                insists: false,
                failures: Cell::new(0),
            };
            let engine = Engine::new(Some(&entropy), Some(&host));
            assert_eq!(engine.compute(&key, &c).unwrap(), right, "{what}");
            let engine = Engine::new(None, Some(&host));
            assert_eq!(engine.compute(&key, &c), Err(Error::NoEntropy), "{what}");
            assert_eq!(host.failures.get(), 2, "{what}");
            host.insists = true;
            let engine = Engine::new(Some(&entropy), Some(&host));
            assert_eq!(engine.compute(&key, &c), Err(Error::Closed), "{what}");
        }
    }
}
