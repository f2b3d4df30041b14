//! What an operation is given beside its parameters.

use std::fmt;

use crate::{
    error::Error,
    medical::MedicalKeys,
    merchant::{Engine, Entropy, Merchant, PrivateKeyPrimitive},
    request::{Credential, Origin},
    secret::AccessToken,
};

/// What surrounds a call: where to, on whose behalf, when, and with which randomness.
///
/// The core has no clock and no entropy of its own; both come in here.
#[derive(Clone)]
pub struct CallContext<'a> {
    pub(super) access_token: &'a AccessToken,
    pub(super) app_id: Option<&'a str>,
    auth: Auth<'a>,
    pub(super) origin: Origin,
    pub(super) now: Option<u32>,
    entropy: Option<&'a dyn Entropy>,
    primitive: Option<&'a dyn PrivateKeyPrimitive>,
    merchant: Option<&'a Merchant>,
    medical_keys: Option<&'a MedicalKeys>,
}

/// How a call says in whose name it is made.
#[derive(Clone, Copy, Debug)]
enum Auth<'a> {
    AccessToken,
    CloudRun { from_app_id: Option<&'a str> },
    CloudbaseAccessToken,
}

impl<'a> CallContext<'a> {
    /// Calls to WeChat's general host with this access token.
    pub fn new(access_token: &'a AccessToken) -> Self {
        Self {
            access_token,
            app_id: None,
            auth: Auth::AccessToken,
            origin: Origin::default(),
            now: None,
            entropy: None,
            primitive: None,
            merchant: None,
            medical_keys: None,
        }
    }

    /// The mini program in whose name the call is made; for operations that name it.
    #[must_use]
    pub fn with_app_id(mut self, app_id: &'a str) -> Self {
        self.app_id = Some(app_id);
        self
    }

    /// Sends to another of WeChat's hosts, or to the sandbox.
    #[must_use]
    pub fn with_origin(mut self, origin: Origin) -> Self {
        self.origin = origin;
        self
    }

    /// Sends without a token, for containers of WeChat Cloud Run: the sidecar in the container adds one, and speaks http.
    /// `from_app_id` names the mini program where several share the container.
    ///
    /// WeChat says that the real-name interfaces do not support it.
    #[must_use]
    pub fn with_cloud_run(mut self, from_app_id: Option<&'a str>) -> Self {
        self.auth = Auth::CloudRun { from_app_id };
        self
    }

    /// The access token is a `cloudbase_access_token`, as WeChat Cloud Run keeps it in a file of its containers.
    ///
    /// WeChat says that the real-name interfaces do not support it.
    #[must_use]
    pub fn with_cloudbase_access_token(mut self) -> Self {
        self.auth = Auth::CloudbaseAccessToken;
        self
    }

    /// The time of the call, in seconds since 1970-01-01 UTC.
    #[must_use]
    pub fn with_now(mut self, seconds: u32) -> Self {
        self.now = Some(seconds);
        self
    }

    /// The source of randomness; private-key operations need one, and [`Operation::complete`](super::Operation::complete).
    #[must_use]
    pub fn with_entropy(mut self, entropy: &'a dyn Entropy) -> Self {
        self.entropy = Some(entropy);
        self
    }

    /// Who computes with the private key, where it is not this crate. Randomness is then needed only where that fails.
    #[must_use]
    pub fn with_private_key_primitive(mut self, primitive: &'a dyn PrivateKeyPrimitive) -> Self {
        self.primitive = Some(primitive);
        self
    }

    /// The merchant whose key signs the request and opens the reply.
    #[must_use]
    pub fn with_merchant(mut self, merchant: &'a Merchant) -> Self {
        self.merchant = Some(merchant);
        self
    }

    /// The hospital's keys, which open patients' names.
    #[must_use]
    pub fn with_medical_keys(mut self, keys: &'a MedicalKeys) -> Self {
        self.medical_keys = Some(keys);
        self
    }

    pub(super) fn app_id(&self) -> Result<&'a str, Error> {
        let given = self.app_id.filter(|id| !id.is_empty());
        given.ok_or(Error::Configuration {
            field: "appId",
            reason: "is missing: this operation names the mini program",
        })
    }

    pub(super) fn credential(&self) -> Credential<'a> {
        match self.auth {
            Auth::AccessToken => Credential::AccessToken(self.access_token),
            Auth::CloudRun { from_app_id } => Credential::CloudRun(from_app_id),
            Auth::CloudbaseAccessToken => Credential::CloudbaseAccessToken(self.access_token),
        }
    }

    pub(super) fn now(&self) -> Result<u32, Error> {
        self.now.ok_or(Error::Configuration {
            field: "now",
            reason: "the time of the call is missing",
        })
    }

    pub(super) fn entropy(&self) -> Result<&'a dyn Entropy, Error> {
        self.entropy.ok_or(Error::NoEntropy)
    }

    pub(super) fn engine(&self) -> Engine<'a> {
        Engine::new(self.entropy, self.primitive)
    }

    pub(super) fn medical_keys(&self) -> Result<&'a MedicalKeys, Error> {
        self.medical_keys.ok_or(Error::Configuration {
            field: "medicalKeys",
            reason: "are missing: this operation's reply is encrypted under the key that WeChat gave the hospital",
        })
    }

    pub(super) fn merchant(&self) -> Result<&'a Merchant, Error> {
        self.merchant.ok_or(Error::Configuration {
            field: "merchant",
            reason: "this operation signs with the merchant's key: hand in what openMerchant returned",
        })
    }
}

impl fmt::Debug for CallContext<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallContext")
            .field("access_token", &self.access_token)
            .field("auth", &self.auth)
            .field("origin", &self.origin)
            .field("now", &self.now)
            .field("merchant", &self.merchant)
            .field("medical_keys", &self.medical_keys)
            .finish_non_exhaustive()
    }
}
